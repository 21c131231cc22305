package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/s3"
	"github.com/aws/aws-sdk-go/service/s3/s3manager"
)

// awsV1 is the SDK that is no longer kept, and which many programs still have inside.
type awsV1 struct {
	s3     *s3.S3
	bucket string
}

func newAwsV1(p place) (objectStore, error) {
	opened, err := session.NewSession(&aws.Config{
		Endpoint:         aws.String(p.endpoint),
		Region:           aws.String(p.region),
		S3ForcePathStyle: aws.Bool(true),
		Credentials:      credentials.NewStaticCredentials(p.key.id, p.key.secret, ""),
	})
	return &awsV1{s3.New(opened), p.bucket}, err
}

func (c *awsV1) put(ctx context.Context, key string, body []byte) error {
	_, err := c.s3.PutObjectWithContext(ctx, &s3.PutObjectInput{Bucket: &c.bucket, Key: &key, Body: bytes.NewReader(body)})
	return err
}

func (c *awsV1) putInParts(ctx context.Context, key string, body []byte, partBytes int64) error {
	uploader := s3manager.NewUploaderWithClient(c.s3, func(u *s3manager.Uploader) { u.PartSize = partBytes })
	_, err := uploader.UploadWithContext(ctx, &s3manager.UploadInput{
		Bucket: &c.bucket, Key: &key, Body: io.MultiReader(bytes.NewReader(body))})
	return err
}

func (c *awsV1) get(ctx context.Context, key string) ([]byte, error) {
	buffer := aws.NewWriteAtBuffer(nil)
	_, err := s3manager.NewDownloaderWithClient(c.s3).DownloadWithContext(
		ctx, buffer, &s3.GetObjectInput{Bucket: &c.bucket, Key: &key})
	return buffer.Bytes(), err
}

func (c *awsV1) getRange(ctx context.Context, key string, first, last int64) ([]byte, error) {
	got, err := c.s3.GetObjectWithContext(ctx, &s3.GetObjectInput{
		Bucket: &c.bucket, Key: &key, Range: aws.String(fmt.Sprintf("bytes=%d-%d", first, last))})
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	return io.ReadAll(got.Body)
}

func (c *awsV1) size(ctx context.Context, key string) (int64, error) {
	head, err := c.s3.HeadObjectWithContext(ctx, &s3.HeadObjectInput{Bucket: &c.bucket, Key: &key})
	if err != nil {
		return 0, err
	}
	return aws.Int64Value(head.ContentLength), nil
}

func (c *awsV1) copy(ctx context.Context, from, to string) error {
	_, err := c.s3.CopyObjectWithContext(ctx, &s3.CopyObjectInput{
		Bucket: &c.bucket, Key: &to, CopySource: aws.String(c.bucket + "/" + url.QueryEscape(from))})
	return err
}

// list asks with the first version of the listing, as programs of this age do.
func (c *awsV1) list(ctx context.Context, prefix string, pageSize int) ([]string, error) {
	var keys []string
	err := c.s3.ListObjectsPagesWithContext(ctx,
		&s3.ListObjectsInput{Bucket: &c.bucket, Prefix: &prefix, MaxKeys: aws.Int64(int64(pageSize))},
		func(page *s3.ListObjectsOutput, _ bool) bool {
			for _, object := range page.Contents {
				keys = append(keys, aws.StringValue(object.Key))
			}
			return true
		})
	return keys, err
}

func (c *awsV1) presign(_ context.Context, key string) (string, error) {
	request, _ := c.s3.GetObjectRequest(&s3.GetObjectInput{Bucket: &c.bucket, Key: &key})
	return request.Presign(5 * time.Minute)
}

func (c *awsV1) delete(ctx context.Context, keys []string) error {
	var objects []*s3.ObjectIdentifier
	for _, key := range keys {
		objects = append(objects, &s3.ObjectIdentifier{Key: aws.String(key)})
	}
	answer, err := c.s3.DeleteObjectsWithContext(ctx, &s3.DeleteObjectsInput{Bucket: &c.bucket, Delete: &s3.Delete{Objects: objects}})
	if err == nil && len(answer.Errors) > 0 {
		err = fmt.Errorf("%s", answer.Errors[0])
	}
	return err
}

func (c *awsV1) code(err error) string {
	var refused awserr.Error
	if errors.As(err, &refused) {
		return refused.Code()
	}
	return ""
}
