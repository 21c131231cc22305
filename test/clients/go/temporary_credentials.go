package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

const (
	temporaryKey   = "in/a b"
	renewalTimeMax = time.Minute
)

var temporaryBody = []byte("from Go")

// goThroughTemporaryCredentials uses the SDK with whatever credentials its own chain finds: it stores, reads, lists and presigns below `in/`, and tries to
// store outside. It prints a line of JSON: presigned URLs, two where credentials were renewed, and the code with which the object outside was refused.
func goThroughTemporaryCredentials(ctx context.Context, bucket string, isRenewed bool) error {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	client := s3.NewFromConfig(settings, func(o *s3.Options) { o.UsePathStyle = true })
	t := temporary{client, bucket}
	if err := t.roundTrip(ctx); err != nil {
		return err
	}
	first, err := t.presign(ctx)
	if err != nil {
		return err
	}
	urls := []string{first}
	var refusedWith *string
	_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("out"), Body: bytes.NewReader(temporaryBody)})
	var refused smithy.APIError
	if errors.As(err, &refused) {
		refusedWith = aws.String(refused.ErrorCode())
	}
	if isRenewed {
		renewed, err := t.awaitRenewal(ctx, first)
		if err != nil {
			return err
		}
		urls = append(urls, renewed)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"urls": urls, "refusedWith": refusedWith})
}

type temporary struct {
	s3     *s3.Client
	bucket string
}

func (t temporary) roundTrip(ctx context.Context) error {
	place := aws.String(temporaryKey)
	if _, err := t.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &t.bucket, Key: place, Body: bytes.NewReader(temporaryBody)}); err != nil {
		return err
	}
	got, err := t.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &t.bucket, Key: place})
	if err != nil {
		return err
	}
	defer got.Body.Close()
	if body, err := io.ReadAll(got.Body); err != nil || !bytes.Equal(body, temporaryBody) {
		return fmt.Errorf("another body: %q, %v", body, err)
	}
	listed, err := t.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &t.bucket, Prefix: aws.String("in/")})
	if err != nil {
		return err
	}
	if len(listed.Contents) != 1 || aws.ToString(listed.Contents[0].Key) != temporaryKey {
		return fmt.Errorf("listed: %v", listed.Contents)
	}
	return nil
}

func (t temporary) presign(ctx context.Context) (string, error) {
	signed, err := s3.NewPresignClient(t.s3).PresignGetObject(
		ctx, &s3.GetObjectInput{Bucket: &t.bucket, Key: aws.String(temporaryKey)}, s3.WithPresignExpires(5*time.Minute))
	if err != nil {
		return "", err
	}
	return signed.URL, nil
}

// awaitRenewal goes on with requests until they are signed by another key than the URL, and presigns with that one.
func (t temporary) awaitRenewal(ctx context.Context, before string) (string, error) {
	for giveUp := time.Now().Add(renewalTimeMax); time.Now().Before(giveUp); {
		if err := t.roundTrip(ctx); err != nil {
			return "", err
		}
		signed, err := t.presign(ctx)
		if err != nil || signingKeyOf(signed) != signingKeyOf(before) {
			return signed, err
		}
	}
	return "", errors.New("not renewed")
}

func signingKeyOf(signed string) string {
	parsed, err := url.Parse(signed)
	if err != nil {
		fail(err)
	}
	id, _, _ := strings.Cut(parsed.Query().Get("X-Amz-Credential"), "/")
	return id
}
