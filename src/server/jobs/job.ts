/** Work that is done again and again, beside the requests. */
export interface Job {
  /** Kebab-case; in logs, in metrics, and in the store as the name of whose turn it is. */
  readonly name: string
  readonly intervalMs: number
  /**
   * `process`: each process does it for itself. `store`: one process of all that share the store does it in each interval. Two may
   * still overlap when a run takes longer than the interval, so such work must bear being done twice.
   */
  readonly scope: 'process' | 'store'
  /** Is done once more when the process stops, so that nothing that waits in memory is lost. */
  readonly isDoneAtStop?: boolean
  /**
   * A rejection is logged and the work is tried again an interval later. Should end soon after `signal` aborts. `isAtStop`: the process waits for it to end, and
   * aborts it no more.
   */
  readonly run: (signal: AbortSignal, isAtStop?: boolean) => Promise<void>
}
