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
  further('aws CLI v1, with credentials that end', DEBIAN, 'temporary-credentials'),
  further('aws CLI v1, boto3, rclone, s3cmd, with a key of `--write-…`', DEBIAN, 'written-keys'),
  further('aws CLI v1, rclone, s3cmd, s3fs (FUSE), with keys that may do less', DEBIAN, 'limited-keys'),
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
  further('rclone', `${DEBIAN}, ${program('rclone-newest')}`, 'rclone'),
  further('restic', `${DEBIAN}, ${program('restic-newest')}`, 'restic'),
  further('Kopia', program('kopia'), 'kopia'),
  further('s5cmd', program('s5cmd'), 's5cmd'),
  further('s3cmd', DEBIAN, 's3cmd'),
  further('s3fs (FUSE)', DEBIAN, 's3fs'),
  further('pgBackRest', DEBIAN, 'pgbackrest'),
  further('barman-cloud', locked('barman/requirements.txt', /^barman\[cloud\]==(\S+)/m), 'barman-cloud'),
  further('Litestream', program('litestream'), 'litestream'),
  further('Docker registry (distribution)', program('registry'), 'docker-registry'),
  further('curl `--aws-sigv4`', DEBIAN, 'curl'),
  further('Terraform', 'the machine’s', 'terraform'),
]

/** Clients that are not tried, each with the reason. */
export const NOT_TRIED: Readonly<Record<string, string>> = {
  'mc and warp (MinIO)':
    'they are under the AGPL, so that nothing here builds or runs them; minio-go, which they are made of, goes through the steps',
}

function further(name: string, version: string, file: string): FurtherClient {
  return { name, version, test: `test/clients/${file}.long.test.ts` }
}

/** The version of a program that is built from its sources. */
function program(name: string): string {
  return locked(`programs/${name}/go.mod`, /^require \S+ v(\S+)/m)
}

function npm(name: string): string {
  return locked('../../package.json', new RegExp(`"${name}": "([^"]+)"`))
}
