/** The most bytes of UTF-8 that a bucket policy has: S3's 20 KB. */
export const POLICY_BYTES_MAX = 20 * 1024
