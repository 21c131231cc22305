/** Of the member that names the account whose resource is meant. */
export const OWN_ACCOUNT = {
  doc: 'The account that the resource is of; the caller’s own when absent.',
} as const
