package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/aws/smithy-go"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"
)

type gocloud struct{ bucket *blob.Bucket }

func newGocloud(p place) (objectStore, error) {
	bucket, err := s3blob.OpenBucket(context.Background(), openAwsV2(p).s3, p.bucket, nil)
	return &gocloud{bucket}, err
}

func (c *gocloud) put(ctx context.Context, key string, body []byte) error {
	return c.bucket.WriteAll(ctx, key, body, nil)
}

func (c *gocloud) putInParts(ctx context.Context, key string, body []byte, partBytes int64) error {
	writer, err := c.bucket.NewWriter(ctx, key, &blob.WriterOptions{BufferSize: int(partBytes)})
	if err != nil {
		return err
	}
	_, err = writer.Write(body)
	return errors.Join(err, writer.Close())
}

func (c *gocloud) get(ctx context.Context, key string) ([]byte, error) {
	return c.bucket.ReadAll(ctx, key)
}

func (c *gocloud) getRange(ctx context.Context, key string, first, last int64) ([]byte, error) {
	reader, err := c.bucket.NewRangeReader(ctx, key, first, last-first+1, nil)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return io.ReadAll(reader)
}

func (c *gocloud) size(ctx context.Context, key string) (int64, error) {
	attributes, err := c.bucket.Attributes(ctx, key)
	if err != nil {
		return 0, err
	}
	return attributes.Size, nil
}

func (c *gocloud) copy(ctx context.Context, from, to string) error {
	return c.bucket.Copy(ctx, to, from, nil)
}

func (c *gocloud) list(ctx context.Context, prefix string, pageSize int) ([]string, error) {
	var keys []string
	for token := blob.FirstPageToken; token != nil; {
		page, next, err := c.bucket.ListPage(ctx, token, pageSize, &blob.ListOptions{Prefix: prefix})
		if err != nil {
			return nil, err
		}
		for _, object := range page {
			keys = append(keys, object.Key)
		}
		token = next
	}
	return keys, nil
}

func (c *gocloud) presign(ctx context.Context, key string) (string, error) {
	return c.bucket.SignedURL(ctx, key, &blob.SignedURLOptions{Expiry: 5 * time.Minute})
}

func (c *gocloud) delete(ctx context.Context, keys []string) error {
	for _, key := range keys {
		if err := c.bucket.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

func (c *gocloud) code(err error) string {
	var refused smithy.APIError
	if c.bucket.ErrorAs(err, &refused) || errors.As(err, &refused) {
		return refused.ErrorCode()
	}
	return ""
}
