import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { refuseExpired } from '../credentials/refused-key.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { admittedChecks, readmit, type Admitted } from './admitted.ts'
import { withChecks, type Attempt } from './attempt.ts'
import { commitInTurn, commitTogether } from './commit-in-turn.ts'

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
  const attempt = admittedAttempts(admission, decide)
  return commitInTurn(context, turn, () => attempt(context))
}

/** As {@link commitAdmitted}, by {@link commitTogether}: `decide` reads through the context that it is given. */
export function commitAdmittedTogether<T>(
  context: ServiceContext,
  admission: Admission,
  turn: string,
  decide: (bucket: BucketRecord, context: ServiceContext) => Promise<Attempt<T>>,
): Promise<T> {
  return commitTogether(context, turn, admittedAttempts(admission, decide))
}

/** The attempts of one request: the first one takes what it was let in by, each later one looks again. */
function admittedAttempts<T>(
  admission: Admission,
  decide: (bucket: BucketRecord, context: ServiceContext) => Promise<Attempt<T>>,
): (context: ServiceContext) => Promise<Attempt<T>> {
  let admitted: Admitted | null = null
  return async (context) => {
    admitted = admitted ? await readmit(context, admission, admitted) : admission
    const attempt = await decide(admitted.bucket.record, context)
    refuseExpired(admitted.credential, context.clock.now())
    return withChecks(attempt, admittedChecks(admitted))
  }
}
