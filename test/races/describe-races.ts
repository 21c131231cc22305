import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  raceForThirdKey,
  raceKeysAgainstDeletions,
  racePutsAgainstDeletions,
  raceToCreateBucket,
} from './bucket-races.ts'
import {
  countUsesEverywhere,
  raceForOneKey,
  raceToRotateKeyOfBucket,
  switchOffElsewhere,
} from './key-races.ts'
import { raceForOneObject, raceToIncrement, raceToPutFirst } from './object-races.ts'
import type { RaceWorld } from './race-world.ts'
import { endSessionsElsewhere } from './session-races.ts'
import { racePartsAgainstCompletions, raceToComplete, raceToCompleteFirst } from './upload-races.ts'

/** Tests of what 32 writers at once must not be able to do, whichever of the servers each of them talks to. */
export function describeRaces(world: () => RaceWorld, rounds: number): void {
  const inRounds = async (race: (round: number) => Promise<void>) => {
    for (let round = 0; round < rounds; round++) await race(round)
  }

  it('lose no update of 32 that replace what they read with If-Match', () =>
    raceToIncrement(world(), Math.ceil(rounds / 4)))

  it('let one of 32 create a bucket', () => inRounds(() => raceToCreateBucket(world())))

  it('let one of 32 with If-None-Match: * create an object', () =>
    inRounds((round) => raceToPutFirst(world(), round)))

  it('have what each of them answers of one object that 32 put, create, tag and delete at once', () =>
    inRounds((round) => raceForOneObject(world(), round)))

  it('have no write skew: a part is replaced, or the upload is completed with the part it had', async (t) => {
    let completed = 0
    await inRounds(async (round) => {
      completed += await racePartsAgainstCompletions(world(), round)
    })
    t.diagnostic(`${completed} of ${rounds * 16} uploads were completed`)
  })

  it('let an object be put, or its bucket be deleted', async (t) => {
    let [puts, deletions] = [0, 0]
    await inRounds(async (round) => {
      const outcome = await racePutsAgainstDeletions(world(), round)
      puts += outcome.puts
      deletions += outcome.deletions
    })
    t.diagnostic(`of ${rounds * 16} pairs ${puts} puts and ${deletions} deletions succeeded`)
    assert.ok(deletions > 0 && puts > 0)
  })

  it('let two of 32 create an access key', () => inRounds(() => raceForThirdKey(world())))

  it('have two access keys at most, while some are deleted and others created', () =>
    inRounds(() => raceKeysAgainstDeletions(world())))

  it('have the halves of an application key that are shown, and no others, while it is rotated, changed, revoked and used', () =>
    inRounds(() => raceForOneKey(world())))

  it('let one of 32 rotate the key of a bucket', () => inRounds(() => raceToRotateKeyOfBucket(world())))

  it('refuse a key that was switched off elsewhere on the next request', () =>
    inRounds((round) => switchOffElsewhere(world(), round)))

  it('refuse temporary credentials, and commit no upload of theirs, once their key or role was ended elsewhere', () =>
    inRounds((round) => endSessionsElsewhere(world(), round)))

  it('have each use of a key counted once', () => countUsesEverywhere(world()))

  it('complete an upload once for 32 that complete it', () =>
    inRounds((round) => raceToComplete(world(), round)))

  it('let one of two uploads that are completed with If-None-Match: * become the object', () =>
    inRounds((round) => raceToCompleteFirst(world(), round)))
}
