package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lightsail"
)

// goThroughLightsail manages a bucket and its access key with the account's key, as the steps "bucket", "key", and "delete-bucket".
func goThroughLightsail(endpoint, region string, account keyPair) {
	ctx := context.Background()
	client := lightsail.New(lightsail.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       region,
		Credentials:  credentials.NewStaticCredentialsProvider(account.id, account.secret, ""),
	})
	name := aws.String("made-by-go")
	step("bucket", func() error {
		if _, err := client.CreateBucket(ctx, &lightsail.CreateBucketInput{BucketName: name, BundleId: aws.String("small_1_0")}); err != nil {
			return err
		}
		found, err := client.GetBuckets(ctx, &lightsail.GetBucketsInput{BucketName: name})
		if err == nil && (len(found.Buckets) != 1 || aws.ToString(found.Buckets[0].BundleId) != "small_1_0") {
			err = fmt.Errorf("found %d buckets", len(found.Buckets))
		}
		return err
	})
	step("key", func() error {
		made, err := client.CreateBucketAccessKey(ctx, &lightsail.CreateBucketAccessKeyInput{BucketName: name})
		if err != nil {
			return err
		}
		found, err := client.GetBucketAccessKeys(ctx, &lightsail.GetBucketAccessKeysInput{BucketName: name})
		if err != nil {
			return err
		}
		if len(found.AccessKeys) != 1 || aws.ToString(found.AccessKeys[0].AccessKeyId) != aws.ToString(made.AccessKey.AccessKeyId) {
			return fmt.Errorf("found %d keys", len(found.AccessKeys))
		}
		opened := openAwsV2(place{endpoint, region, *name, keyPair{*made.AccessKey.AccessKeyId, *made.AccessKey.SecretAccessKey}})
		return expectKeys(nil)(opened.list(ctx, "", 10))
	})
	step("delete-bucket", func() error {
		if _, err := client.DeleteBucket(ctx, &lightsail.DeleteBucketInput{BucketName: name, ForceDelete: aws.Bool(true)}); err != nil {
			return err
		}
		if _, err := client.GetBuckets(ctx, &lightsail.GetBucketsInput{BucketName: name}); err == nil {
			return fmt.Errorf("the bucket is still there")
		}
		return nil
	})
}
