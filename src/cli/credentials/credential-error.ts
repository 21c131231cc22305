/** Credentials that are incomplete, or a place that could not give them. The message never holds a secret. */
export class CredentialError extends Error {}

/** The error for credentials that a place should have given and did not; `reason` never holds a secret. */
export const retrievalError = (place: string, reason: string): CredentialError =>
  new CredentialError(`Error when retrieving credentials from ${place}: ${reason}`)
