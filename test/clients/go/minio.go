package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

type minioGo struct {
	client *minio.Client
	bucket string
}

func newMinio(p place) (objectStore, error) {
	address, err := url.Parse(p.endpoint)
	if err != nil {
		return nil, err
	}
	client, err := minio.New(address.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(p.key.id, p.key.secret, ""),
		Secure: address.Scheme == "https",
		Region: p.region,
	})
	return &minioGo{client, p.bucket}, err
}

func (c *minioGo) put(ctx context.Context, key string, body []byte) error {
	_, err := c.client.PutObject(ctx, c.bucket, key, bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{})
	return err
}

func (c *minioGo) putInParts(ctx context.Context, key string, body []byte, partBytes int64) error {
	_, err := c.client.PutObject(ctx, c.bucket, key, io.MultiReader(bytes.NewReader(body)), -1,
		minio.PutObjectOptions{PartSize: uint64(partBytes)})
	return err
}

func (c *minioGo) get(ctx context.Context, key string) ([]byte, error) {
	return c.read(ctx, key, minio.GetObjectOptions{})
}

func (c *minioGo) getRange(ctx context.Context, key string, first, last int64) ([]byte, error) {
	var options minio.GetObjectOptions
	if err := options.SetRange(first, last); err != nil {
		return nil, err
	}
	return c.read(ctx, key, options)
}

func (c *minioGo) read(ctx context.Context, key string, options minio.GetObjectOptions) ([]byte, error) {
	object, err := c.client.GetObject(ctx, c.bucket, key, options)
	if err != nil {
		return nil, err
	}
	defer object.Close()
	return io.ReadAll(object)
}

func (c *minioGo) size(ctx context.Context, key string) (int64, error) {
	info, err := c.client.StatObject(ctx, c.bucket, key, minio.StatObjectOptions{})
	return info.Size, err
}

func (c *minioGo) copy(ctx context.Context, from, to string) error {
	_, err := c.client.CopyObject(ctx,
		minio.CopyDestOptions{Bucket: c.bucket, Object: to}, minio.CopySrcOptions{Bucket: c.bucket, Object: from})
	return err
}

func (c *minioGo) list(ctx context.Context, prefix string, pageSize int) ([]string, error) {
	var keys []string
	for object := range c.client.ListObjects(ctx, c.bucket,
		minio.ListObjectsOptions{Prefix: prefix, Recursive: true, MaxKeys: pageSize}) {
		if object.Err != nil {
			return nil, object.Err
		}
		keys = append(keys, object.Key)
	}
	return keys, nil
}

func (c *minioGo) presign(ctx context.Context, key string) (string, error) {
	signed, err := c.client.PresignedGetObject(ctx, c.bucket, key, 5*time.Minute, nil)
	if err != nil {
		return "", err
	}
	return signed.String(), nil
}

func (c *minioGo) delete(ctx context.Context, keys []string) error {
	if err := c.client.RemoveObject(ctx, c.bucket, keys[0], minio.RemoveObjectOptions{}); err != nil {
		return err
	}
	objects := make(chan minio.ObjectInfo, len(keys))
	for _, key := range keys[1:] {
		objects <- minio.ObjectInfo{Key: key}
	}
	close(objects)
	for failed := range c.client.RemoveObjects(ctx, c.bucket, objects, minio.RemoveObjectsOptions{}) {
		return fmt.Errorf("%s: %w", failed.ObjectName, failed.Err)
	}
	return nil
}

func (c *minioGo) code(err error) string { return minio.ToErrorResponse(err).Code }
