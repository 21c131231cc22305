import { describe, it } from 'node:test'
import { sdkWorld } from '../s3/sdk-world.ts'
import { SeededRandom } from '../seeded-random.ts'
import { compareWithModel } from './compare-with-model.ts'
import { S3Model } from './s3-model.ts'

const STEPS = Number(process.env['LUGSAIL_MODEL_STEPS'] ?? 150)

describe('a bucket', () => {
  const world = sdkWorld({ partSizeBytesMin: 10, inlineBodyBytesMax: 20 })

  it('answers as a simple model of S3 does, whatever is done to it', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`LUGSAIL_TEST_SEED=${random.seed}`)
    const bucket = await world().makeBucket('modelled')
    await compareWithModel({ s3: world().s3, bucket, model: new S3Model(), random }, STEPS)
  })
})
