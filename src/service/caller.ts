/** The account that a control-plane request acts for, and the region that it was signed for. */
export interface Caller {
  readonly accountId: string
  readonly region: string
}
