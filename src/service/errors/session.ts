/** Of temporary credentials. */
export interface SessionErrors {
  /** The policy of a session has no room in a token; `percent`: how much of the room it would take. */
  PackedPolicyTooLarge: { readonly percent: number }
  /** The role does not exist, does not count, or is not for whoever asks, who is not told which. `caller`: their ARN. */
  RoleNotTaken: { readonly roleArn: string; readonly caller: string }
  /** Who has temporary credentials asks for others that they are not given; `operation`: by its name in STS. */
  SessionTakesNone: { readonly operation: string }
  /** The role is not taken for so long. */
  SessionTooLong: { readonly secondsMax: number }
}
