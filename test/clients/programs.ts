import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { locked } from './locked.ts'
import { STEP_NAMES, type Step } from './steps.ts'

/** One client of the matrix: a library, driven by the program of its language's folder. */
export interface ClientProgram {
  /** As its users call it. */
  readonly name: string
  readonly language: string
  /** The version that the folder's lock file fixes. */
  readonly version: string
  /** Program and first arguments; the places and values of the steps follow. Its first file is there once it is installed. */
  readonly command: readonly [string, ...string[]]
  /** File that exists once the program can be run. */
  readonly installed: string
  /** Steps that this client does not offer, each with the reason. */
  readonly without: Partial<Readonly<Record<Step, string>>>
  /** What it tells of a refusal, where it hides the server's code. */
  readonly refusals: Partial<Readonly<Record<Step, RegExp>>>
}

/** How a client differs from the others of its language. */
type Differences = Partial<Pick<ClientProgram, 'without' | 'refusals'>>

const HERE = 'test/clients'

/** A response to HEAD has no body, so that who asks it first learns no code. */
const ASKS_HEAD_FIRST = {
  'wrong-secret': /^Forbidden$/,
  'unknown-key': /^Forbidden$/,
  'other-bucket': /^Forbidden$/,
}

const STATUS_OF_HEAD = { 'wrong-secret': /^403$/, 'unknown-key': /^403$/, 'other-bucket': /^403$/ }

/** The clients of test/clients/go, in the order of the page. */
export const GO: readonly ClientProgram[] = [
  go(
    'aws-sdk-go-v2',
    'AWS SDK for Go v2, with `feature/s3/manager`',
    'github.com/aws/aws-sdk-go-v2/service/s3',
  ),
  go(
    'transfermanager',
    'AWS SDK for Go v2, with `feature/s3/transfermanager`',
    'github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager',
    ASKS_HEAD_FIRST,
  ),
  go('aws-sdk-go', 'AWS SDK for Go v1', 'github.com/aws/aws-sdk-go'),
  go('minio-go', 'minio-go', 'github.com/minio/minio-go/v7'),
  go('gocloud', 'Go CDK (`gocloud.dev/blob/s3blob`)', 'gocloud.dev'),
]

/** Python's own errors, which an open file of these has. */
const MISSING_FILE = { missing: /^FileNotFoundError$/ }
const FILE_ERRORS = {
  ...MISSING_FILE,
  'wrong-secret': /^PermissionError$/,
  'unknown-key': /^PermissionError$/,
  'other-bucket': /^PermissionError$/,
}

/** The clients of test/clients/python, in the order of the page. */
export const PYTHON: readonly ClientProgram[] = [
  python('oldest', 'boto3_store', 'boto3', 'boto3'),
  python('newest', 'boto3_store', 'boto3', 'boto3'),
  python('frameworks', 's3fs_store', 's3fs (fsspec)', 's3fs', { refusals: FILE_ERRORS }),
  python('frameworks', 'django_storage', 'django-storages', 'django-storages', {
    without: { copy: 'it has no such call' },
    refusals: { ...STATUS_OF_HEAD, ...MISSING_FILE },
  }),
]

/** The clients of test/clients/rust, in the order of the page. */
export const RUST: readonly ClientProgram[] = [
  rust('aws-sdk-s3', 'AWS SDK for Rust'),
  rust('object_store', 'object_store'),
  rust('opendal', 'OpenDAL'),
]

/** The clients of test/clients/javascript, in the order of the page. */
export const JAVASCRIPT: readonly ClientProgram[] = [
  javascript('sdk-v3', 'AWS SDK for JavaScript v3, with `lib-storage`', '@aws-sdk/client-s3'),
  javascript('sdk-v2', 'AWS SDK for JavaScript v2', 'aws-sdk'),
  javascript('minio-js', 'minio-js', 'minio'),
]

const S3A = 'S3A (Hadoop)'
const S3A_WITHOUT = { presign: 'a file has no URL' }
/** The file system asks HEAD first, and throws errors of its own. */
const S3A_REFUSALS = {
  missing: /^FileNotFoundException$/,
  'wrong-secret': /^AccessDeniedException$/,
  'unknown-key': /^AccessDeniedException$/,
  'other-bucket': /^AccessDeniedException$/,
}
const S3A_DIFFERENCES = { without: S3A_WITHOUT, refusals: S3A_REFUSALS }

/** The CRT asks HEAD before it reads, and tells the status. */
const CRT = { refusals: { ...STATUS_OF_HEAD, missing: /^404$/ } }
/** Its first byte comes over the wire, and is not handed on; later ones do that. */
const OLDEST_CRT = { ...CRT, without: { range: 'it hands nothing on of `bytes=0-0`, later ones do' } }

/** The clients of test/clients/java, in the order of the page. */
export const JAVA: readonly ClientProgram[] = [
  ...awsV2('aws-v2-oldest', { crt: OLDEST_CRT, transferManager: OLDEST_CRT }),
  ...awsV2('aws-v2-2.29', { crt: CRT }),
  ...awsV2('aws-v2-newest', { crt: CRT }),
  java('aws-v1', 'aws-v1', 'AWS SDK for Java v1, with its transfer manager', versionOf('aws-java-sdk-s3')),
  java('minio', 'minio', 'minio-java', versionOf('minio')),
  java('hadoop-3.3', 's3a', S3A, versionOf('hadoop-aws'), S3A_DIFFERENCES),
  java('hadoop-3.4', 's3a', S3A, versionOf('hadoop-aws'), S3A_DIFFERENCES),
]

/** All clients that go through the steps. */
export const PROGRAMS: readonly ClientProgram[] = [...JAVASCRIPT, ...PYTHON, ...GO, ...JAVA, ...RUST]

function go(
  argument: string,
  name: string,
  module: string,
  refusals: ClientProgram['refusals'] = {},
): ClientProgram {
  const installed = join(HERE, 'go/target/programs')
  return {
    name,
    language: 'Go',
    version: locked('go/go.mod', new RegExp(`^\\s*${escape(module)} v(\\S+)`, 'm')),
    command: [installed, argument],
    installed,
    without: {},
    refusals,
  }
}

function python(
  environment: 'oldest' | 'newest' | 'frameworks',
  module: string,
  name: string,
  distribution: string,
  differences: Differences = {},
): ClientProgram {
  const installed = join(HERE, 'python/venv', environment, 'bin/python')
  return {
    name,
    language: 'Python',
    version: locked(
      `python/${environment}.txt`,
      new RegExp(`^${escape(distribution)}(?:\\[\\w+\\])?==(\\S+)`, 'm'),
    ),
    command: [installed, join(HERE, 'python/steps.py'), module],
    installed,
    without: {},
    refusals: {},
    ...differences,
  }
}

function javascript(module: string, name: string, distribution: string): ClientProgram {
  return {
    name,
    language: 'JavaScript',
    version: locked('javascript/package.json', new RegExp(`"${escape(distribution)}": "([^"]+)"`)),
    command: ['node', join(HERE, 'javascript/steps.mjs'), module],
    installed: join(HERE, 'javascript/node_modules', distribution),
    without: {},
    refusals: {},
  }
}

/** The four clients of an AWS SDK for Java v2. */
function awsV2(
  folder: string,
  { crt, transferManager }: { readonly crt: Differences; readonly transferManager?: Differences },
): readonly ClientProgram[] {
  const name = 'AWS SDK for Java v2'
  const version = versionOf('bom')
  return [
    java(folder, 'sync', name, version),
    java(folder, 'netty', `${name}, asynchronous over Netty`, version),
    java(folder, 'crt', `${name}, asynchronous over the CRT`, version, crt),
    java(folder, 'transfer-manager', `${name}, with \`s3-transfer-manager\``, version, transferManager),
  ]
}

function java(
  folder: string,
  argument: string,
  name: string,
  version: RegExp,
  differences: Differences = {},
): ClientProgram {
  const libraries = join(HERE, 'java', folder, 'target/lib')
  return {
    name,
    language: 'Java',
    version: locked(`java/${folder}/pom.xml`, version),
    // The JVM's best code would be ready when the steps are done.
    command: ['java', '-XX:TieredStopAtLevel=1', '-cp', join(libraries, '*'), 'Steps', argument],
    installed: join(libraries, 'steps.jar'),
    without: {},
    refusals: {},
    ...differences,
  }
}

/** The version of an artifact that a pom.xml names. */
function versionOf(artifact: string): RegExp {
  return new RegExp(`<artifactId>${escape(artifact)}</artifactId>\\s*<version>([^<]+)`)
}

function rust(crate: string, name: string): ClientProgram {
  const installed = join(HERE, 'rust/target/debug', `${crate.replaceAll('_', '-')}-steps`)
  return {
    name,
    language: 'Rust',
    version: locked('rust/Cargo.lock', new RegExp(`^name = "${escape(crate)}"\\nversion = "([^"]+)"`, 'm')),
    command: [installed],
    installed,
    without: {},
    refusals: {},
  }
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** Whether the program of a client is on this machine. */
export const isInstalled = ({ installed }: ClientProgram): boolean => existsSync(installed)

/** The steps that a client goes through, in order. */
export const stepsOf = ({ without }: ClientProgram): readonly Step[] =>
  STEP_NAMES.filter((step) => without[step] === undefined)
