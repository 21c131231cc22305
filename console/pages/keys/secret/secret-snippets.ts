/** A key that was just made, with all that a program needs to use it. */
export interface MadeKey {
  /** The key's name, or the bucket's. */
  readonly name: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly endpoint: string
  readonly region: string
  /** A bucket that it opens, where there is one to name. */
  readonly bucket: string | null
}

/** A text for a program, with the name of the file that it is saved as. */
export interface SecretSnippet {
  readonly id: 'profile' | 'env' | 'rclone' | 'boto3' | 'javascript' | 'go' | 'terraform' | 'kubernetes'
  readonly fileName: string
  readonly text: string
}

/** The settings of each program with the key in them, ready to be saved. */
export function secretSnippets(key: MadeKey): readonly SecretSnippet[] {
  const { accessKeyId, secretAccessKey, endpoint, region } = key
  const name = wordOf(key.name)
  const bucket = key.bucket ?? 'BUCKET'
  const variables = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
  }
  const json = (text: string): string => JSON.stringify(text)
  return [
    {
      id: 'profile',
      fileName: `${name}.credentials`,
      text: `[${name}]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
endpoint_url = ${endpoint}
region = ${region}
`,
    },
    {
      id: 'env',
      fileName: `${name}.env`,
      text: Object.entries(variables)
        .map(([variable, value]) => `${variable}=${shellWord(value)}\n`)
        .join(''),
    },
    {
      id: 'rclone',
      fileName: `${name}.rclone.conf`,
      text: `[${name}]
type = s3
provider = Other
access_key_id = ${accessKeyId}
secret_access_key = ${secretAccessKey}
endpoint = ${endpoint}
region = ${region}
force_path_style = true
`,
    },
    {
      id: 'boto3',
      fileName: `${name}.py`,
      text: `import boto3
from botocore.config import Config

s3 = boto3.client(
    "s3",
    endpoint_url=${json(endpoint)},
    region_name=${json(region)},
    aws_access_key_id=${json(accessKeyId)},
    aws_secret_access_key=${json(secretAccessKey)},
    config=Config(s3={"addressing_style": "path"}),
)
print(s3.list_objects_v2(Bucket=${json(bucket)}).get("KeyCount"))
`,
    },
    {
      id: 'javascript',
      fileName: `${name}.mjs`,
      text: `import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'

const s3 = new S3Client({
  endpoint: ${json(endpoint)},
  region: ${json(region)},
  forcePathStyle: true,
  credentials: {
    accessKeyId: ${json(accessKeyId)},
    secretAccessKey: ${json(secretAccessKey)},
  },
})
const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: ${json(bucket)} }))
console.log(KeyCount)
`,
    },
    {
      id: 'go',
      fileName: `${name}.go`,
      text: `package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func main() {
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(${json(endpoint)}),
		Region:       ${json(region)},
		UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(
			${json(accessKeyId)}, ${json(secretAccessKey)}, ""),
	})
	page, err := client.ListObjectsV2(context.Background(),
		&s3.ListObjectsV2Input{Bucket: aws.String(${json(bucket)})})
	if err != nil {
		panic(err)
	}
	fmt.Println(*page.KeyCount)
}
`,
    },
    {
      id: 'terraform',
      fileName: `${name}.tf`,
      text: `provider "aws" {
  access_key                  = ${json(accessKeyId)}
  secret_key                  = ${json(secretAccessKey)}
  region                      = ${json(region)}
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  endpoints {
    s3        = ${json(endpoint)}
    lightsail = ${json(endpoint)}
  }
}
`,
    },
    {
      id: 'kubernetes',
      fileName: `${name}.yaml`,
      text: `apiVersion: v1
kind: Secret
metadata:
  name: ${secretName(name)}
type: Opaque
stringData:
${Object.entries(variables)
  .map(([variable, value]) => `  ${variable}: ${json(value)}\n`)
  .join('')}`,
    },
  ]
}

/** A name that is one word to every program and every file system. */
const wordOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]/g, '-')

const shellWord = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`

/** A DNS label: lower-case letters, digits and hyphens, 63 at most. */
const secretName = (name: string): string =>
  `lugsail-${name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-')}`.slice(0, 63).replace(/-+$/, '')
