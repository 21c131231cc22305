import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { refuseExpired } from '../credentials/refused-key.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { admittedChecks, readmit, type Admitted } from './admitted.ts'
import { withChecks, type Attempt } from './attempt.ts'
import { commitInTurn } from './commit-in-turn.ts'

/**
 * As {@link commitInTurn}, for a change that a data-plane request asks for. The commit checks that buckets and credential are as the request was let
 * in by; when something changed meanwhile they are read anew, and whether the request may go on is decided again, before `decide` is asked again. Throws
 * what `decide` throws; `NoSuchBucket` and `AccessKeyStopped` when those are gone or stopped; what `admission.reauthorize` throws; `RecordBusy` when others keep
 * changing the record.
 */
export function commitAdmitted<T>(
  context: ServiceContext,
  admission: Admission,
  turn: string,
  decide: (bucket: BucketRecord) => Promise<Attempt<T>>,
): Promise<T> {
  let admitted: Admitted | null = null
  return commitInTurn(context, turn, async () => {
    admitted = admitted ? await readmit(context, admission, admitted) : admission
    const attempt = await decide(admitted.bucket.record)
    refuseExpired(admitted.credential, context.clock.now())
    return withChecks(attempt, admittedChecks(admitted))
  })
}
