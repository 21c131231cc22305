import { locked } from './locked.ts'

/** A client with tests of its own, which do what its users do with it. */
export interface FurtherClient {
  readonly name: string
  /** From a lock file; else whose package is tested. */
  readonly version: string
  /** Its tests; their titles say what is tried. */
  readonly test: string
}

const DEBIAN = 'Debian’s'

/** Clients that are tested as they are used, in the order of the page. */
export const FURTHER_CLIENTS: readonly FurtherClient[] = [
  further('aws CLI v1', DEBIAN, 'aws-cli'),
  further('boto3 and s3transfer', DEBIAN, 'boto3'),
  further('boto3 and aws CLI, presigning by version 2', DEBIAN, 'presigned-version-2'),
  further(
    'Lightsail client of the AWS SDK for Go v2',
    locked('go/go.mod', /service\/lightsail v(\S+)/),
    'go',
  ),
  further('AWS SDK for JavaScript v3, `lib-storage`', npm('@aws-sdk/lib-storage'), 'lib-storage'),
  further('minio-js', npm('minio'), 'minio-js'),
  further(
    'AWS SDK for Java v2',
    locked('java/aws-v2-newest/pom.xml', /<artifactId>bom<\/artifactId>\s*<version>([^<]+)/),
    'java',
  ),
  further('pyarrow', locked('pyarrow/requirements.txt', /^pyarrow==(\S+)/m), 'pyarrow'),
  further('a page in Chromium', DEBIAN, 'browser'),
  further('rclone', DEBIAN, 'rclone'),
  further('restic', DEBIAN, 'restic'),
  further('s3cmd', DEBIAN, 's3cmd'),
  further('s3fs (FUSE)', DEBIAN, 's3fs'),
  further('curl `--aws-sigv4`', DEBIAN, 'curl'),
  further('Terraform', 'the machine’s', 'terraform'),
]

function further(name: string, version: string, file: string): FurtherClient {
  return { name, version, test: `test/clients/${file}.long.test.ts` }
}

function npm(name: string): string {
  return locked('../../package.json', new RegExp(`"${name}": "([^"]+)"`))
}
