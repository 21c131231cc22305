/** Credentials that are incomplete, or a place that could not give them. The message never holds a secret. */
export class CredentialError extends Error {}

export const retrievalError = (place: string, reason: string): CredentialError =>
  new CredentialError(`Error when retrieving credentials from ${place}: ${reason}`)
