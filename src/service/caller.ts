import type { Admission } from './admission.ts'

/** The account that a control-plane request acts for, and the region that it was signed for. */
export interface Caller {
  readonly accountId: string
  readonly region: string
  /** The access key that signed, as it was read: once it is gone, nothing is changed any more. Absent: a command of the server asks. */
  readonly credential?: NonNullable<Admission['credential']>
}
