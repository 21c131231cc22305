import { describe, it } from 'node:test'
import { sdkWorld } from '../s3/sdk-world.ts'
import { SeededRandom } from '../seeded-random.ts'
import { compareWithModel } from './compare-with-model.ts'
import { S3Model } from './s3-model.ts'

const BUCKETS = 20
const STEPS = 2_000

describe('many buckets', () => {
  const world = sdkWorld({ partSizeBytesMin: 10, inlineBodyBytesMax: 20 })

  for (let number = 1; number <= BUCKETS; number++)
    it(`answer as a simple model of S3 does, whatever is done to them: number ${number}`, async (t) => {
      const random = new SeededRandom()
      t.diagnostic(`LUGSAIL_TEST_SEED=${random.seed}`)
      const bucket = await world().makeBucket(`modelled-${number}`)
      await compareWithModel({ s3: world().s3, bucket, model: new S3Model(), random }, STEPS)
    })
})
