package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// awsV2 is the SDK as it is, with the older of its two ways to move large objects.
type awsV2 struct {
	s3     *s3.Client
	bucket string
}

func newAwsV2(p place) (objectStore, error) { return openAwsV2(p), nil }

func openAwsV2(p place) *awsV2 {
	return &awsV2{s3.New(s3.Options{
		BaseEndpoint: aws.String(p.endpoint),
		Region:       p.region,
		UsePathStyle: true,
		Credentials:  credentials.NewStaticCredentialsProvider(p.key.id, p.key.secret, ""),
	}), p.bucket}
}

func (c *awsV2) put(ctx context.Context, key string, body []byte) error {
	_, err := c.s3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &c.bucket, Key: &key, Body: bytes.NewReader(body), Metadata: map[string]string{"origin": "go"}})
	return err
}

func (c *awsV2) putInParts(ctx context.Context, key string, body []byte, partBytes int64) error {
	uploader := manager.NewUploader(c.s3, func(u *manager.Uploader) { u.PartSize = partBytes })
	// A stream that cannot be rewound, as from a pipe.
	_, err := uploader.Upload(ctx, &s3.PutObjectInput{Bucket: &c.bucket, Key: &key, Body: io.MultiReader(bytes.NewReader(body))})
	return err
}

func (c *awsV2) get(ctx context.Context, key string) ([]byte, error) {
	buffer := manager.NewWriteAtBuffer(nil)
	_, err := manager.NewDownloader(c.s3).Download(ctx, buffer, &s3.GetObjectInput{Bucket: &c.bucket, Key: &key})
	return buffer.Bytes(), err
}

func (c *awsV2) getRange(ctx context.Context, key string, first, last int64) ([]byte, error) {
	got, err := c.s3.GetObject(ctx, &s3.GetObjectInput{
		Bucket: &c.bucket, Key: &key, Range: aws.String(fmt.Sprintf("bytes=%d-%d", first, last))})
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	return io.ReadAll(got.Body)
}

func (c *awsV2) size(ctx context.Context, key string) (int64, error) {
	head, err := c.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &c.bucket, Key: &key})
	if err != nil {
		return 0, err
	}
	if head.Metadata["origin"] != "go" {
		return 0, fmt.Errorf("metadata: %v", head.Metadata)
	}
	return aws.ToInt64(head.ContentLength), nil
}

func (c *awsV2) copy(ctx context.Context, from, to string) error {
	_, err := c.s3.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &c.bucket, Key: &to, CopySource: aws.String(c.bucket + "/" + url.QueryEscape(from))})
	return err
}

func (c *awsV2) list(ctx context.Context, prefix string, pageSize int) ([]string, error) {
	pages := s3.NewListObjectsV2Paginator(c.s3, &s3.ListObjectsV2Input{
		Bucket: &c.bucket, Prefix: &prefix, MaxKeys: aws.Int32(int32(pageSize))})
	var keys []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, object := range page.Contents {
			keys = append(keys, aws.ToString(object.Key))
		}
	}
	return keys, nil
}

func (c *awsV2) presign(ctx context.Context, key string) (string, error) {
	signed, err := s3.NewPresignClient(c.s3).PresignGetObject(
		ctx, &s3.GetObjectInput{Bucket: &c.bucket, Key: &key}, s3.WithPresignExpires(5*time.Minute))
	if err != nil {
		return "", err
	}
	return signed.URL, nil
}

func (c *awsV2) delete(ctx context.Context, keys []string) error {
	if _, err := c.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &c.bucket, Key: &keys[0]}); err != nil {
		return err
	}
	var objects []types.ObjectIdentifier
	for _, key := range keys[1:] {
		objects = append(objects, types.ObjectIdentifier{Key: aws.String(key)})
	}
	answer, err := c.s3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &c.bucket, Delete: &types.Delete{Objects: objects}})
	if err == nil && len(answer.Errors) > 0 {
		err = fmt.Errorf("%s: %s", aws.ToString(answer.Errors[0].Key), aws.ToString(answer.Errors[0].Code))
	}
	return err
}

func (c *awsV2) code(err error) string {
	var refused smithy.APIError
	if errors.As(err, &refused) {
		return refused.ErrorCode()
	}
	return ""
}

// transferManager is the SDK with the newer way to move large objects, by parts and not by ranges.
type transferManager struct {
	*awsV2
	transfers *transfermanager.Client
}

func newTransferManager(p place) (objectStore, error) {
	plain := openAwsV2(p)
	return &transferManager{plain, transfermanager.New(plain.s3)}, nil
}

func (c *transferManager) putInParts(ctx context.Context, key string, body []byte, partBytes int64) error {
	_, err := c.transfers.UploadObject(ctx, &transfermanager.UploadObjectInput{
		Bucket: &c.bucket, Key: &key, Body: io.MultiReader(bytes.NewReader(body))},
		func(o *transfermanager.Options) { o.PartSizeBytes = partBytes; o.MultipartUploadThreshold = partBytes })
	return err
}

func (c *transferManager) get(ctx context.Context, key string) ([]byte, error) {
	got, err := c.transfers.GetObject(ctx, &transfermanager.GetObjectInput{Bucket: &c.bucket, Key: &key})
	if err != nil {
		return nil, err
	}
	return io.ReadAll(got.Body)
}
