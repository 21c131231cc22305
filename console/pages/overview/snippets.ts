/** What a snippet is made of. Secrets stand in no snippet of this page. */
interface Place {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
}

/** How a program is told where the bucket is. */
interface EndpointSnippet {
  readonly id: string
  readonly title: string
  readonly text: string
}

/** For the programs that people have, with this server's address filled in. */
export function endpointSnippets({ endpoint, bucket, region }: Place): readonly EndpointSnippet[] {
  return [
    {
      id: 'aws',
      title: 'aws',
      text: `aws configure set region ${region} --profile ${bucket}
aws configure set endpoint_url ${endpoint} --profile ${bucket}
aws configure --profile ${bucket}    # asks for the access key
aws s3 ls s3://${bucket}/ --profile ${bucket}`,
    },
    {
      id: 'boto3',
      title: 'boto3',
      text: `import boto3
from botocore.config import Config

s3 = boto3.client(
    "s3",
    endpoint_url="${endpoint}",
    region_name="${region}",
    config=Config(s3={"addressing_style": "path"}),
)
for entry in s3.list_objects_v2(Bucket="${bucket}").get("Contents", []):
    print(entry["Key"], entry["Size"])`,
    },
    {
      id: 'javascript',
      title: 'JavaScript',
      text: `import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'

const s3 = new S3Client({ endpoint: '${endpoint}', region: '${region}', forcePathStyle: true })
const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: '${bucket}' }))
for (const { Key, Size } of Contents) console.log(Key, Size)`,
    },
    {
      id: 'go',
      title: 'Go',
      text: `cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("${region}"))
if err != nil {
	return err
}
client := s3.NewFromConfig(cfg, func(o *s3.Options) {
	o.BaseEndpoint = aws.String("${endpoint}")
	o.UsePathStyle = true
})
page, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("${bucket}")})`,
    },
    {
      id: 'rclone',
      title: 'rclone',
      text: `rclone config create ${bucket} s3 provider=Other endpoint=${endpoint} region=${region} \\
  force_path_style=true env_auth=true
rclone ls ${bucket}:${bucket}`,
    },
    {
      id: 'restic',
      title: 'restic',
      text: `export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…
restic -r s3:${endpoint}/${bucket}/restic -o s3.region=${region} -o s3.bucket-lookup=path init
restic -r s3:${endpoint}/${bucket}/restic -o s3.region=${region} -o s3.bucket-lookup=path backup ~/Documents`,
    },
    {
      id: 'terraform',
      title: 'Terraform',
      text: `provider "aws" {
  region                      = "${region}"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  endpoints {
    s3        = "${endpoint}"
    lightsail = "${endpoint}"
  }
}

resource "aws_s3_object" "hello" {
  bucket  = "${bucket}"
  key     = "hello.txt"
  content = "hello"
}`,
    },
  ]
}
