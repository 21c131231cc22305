/** A bucket's name as policies and newer SDKs write it. */
export const bucketArn = (bucketName: string): string => `arn:aws:s3:::${bucketName}`
