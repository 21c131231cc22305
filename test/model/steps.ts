import { PutBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3'
import { KEYS, type Lab, type Step } from './lab.ts'
import { type S3Model } from './s3-model.ts'
import { deleteManyStep, deleteStep } from './delete-steps.ts'
import { objectPages, uploadPages, versionPages, type Listing, type Page } from './listing-model.ts'
import { readStep } from './read-steps.ts'
import { listedByV1, listedByV2, listedUploads, listedVersions } from './real-pages.ts'
import { uploadStep } from './upload-steps.ts'
import { copyStep, putStep, tagStep } from './write-steps.ts'

const PREFIXES = ['', '', 'a', 'a/', 'b/', 'a/b', '\u{1f600}', 'none']
/** The empty one: none. */
const DELIMITERS = ['', '/', '/', 'b', '//']

/** The next step by chance. */
export function nextStep(lab: Lab): Step {
  const { random } = lab
  const key = random.oneOf(KEYS)
  const dice = random.below(100)
  if (dice < 22) return putStep(lab, key)
  if (dice < 34) return deleteStep(lab, key)
  if (dice < 40) return deleteManyStep(lab)
  if (dice < 52) return readStep(lab, key)
  if (dice < 60) return copyStep(lab, key)
  if (dice < 70) return tagStep(lab, key)
  if (dice < 84) return uploadStep(lab, key)
  if (dice < 87) return versioningStep(lab)
  return listStep(lab)
}

function versioningStep({ s3, bucket, model, random }: Lab): Step {
  const Status = random.below(3) === 0 ? 'Suspended' : 'Enabled'
  return {
    title: `versioning ${Status}`,
    run: async () => {
      await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }))
      return {}
    },
    expect: () => {
      model.versioning = Status
      return {}
    },
  }
}

function listStep(lab: Lab): Step {
  const { s3, bucket, model, random } = lab
  const delimiter = random.oneOf(DELIMITERS)
  const listing: Listing = {
    prefix: random.oneOf(PREFIXES),
    maxKeys: 1 + random.below(7),
    ...(delimiter !== '' && { delimiter }),
  }
  const [name, real, expected] = random.oneOf<
    readonly [
      string,
      (s3: S3Client, bucket: string, listing: Listing) => Promise<Page[]>,
      (model: S3Model, listing: Listing) => Page[],
    ]
  >([
    ['list', listedByV2, objectPages],
    ['list by version 1', listedByV1, objectPages],
    ['list versions', listedVersions, versionPages],
    ['list uploads', listedUploads, uploadPages],
  ])
  return {
    title: `${name} ${JSON.stringify(listing)}`,
    run: async () => ({ pages: (await real(s3, bucket, listing)).map(sortedRows) }),
    expect: () => ({ pages: expected(model, listing).map(sortedRows) }),
  }
}

/** A response has versions and delete markers in two lists: a page is compared without the order of its rows, which the pages' borders hold. */
const sortedRows = ({ rows, ...page }: Page): Page => ({ ...page, rows: [...rows].sort() })
