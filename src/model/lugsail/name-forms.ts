/** What an account may be called; one that looks like an account's id would be ambiguous, and is refused as well. */
export const ACCOUNT_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._ -]{0,62}[A-Za-z0-9])?$/

/** The id of an account. */
export const ACCOUNT_ID = /^\d{12}$/

/** What a resource may be called: as Lightsail's ResourceName, but anchored, and with a bound. */
export const RESOURCE_NAME = /^\w[\w-]*\w$/

/** The most characters of a resource's name. */
export const RESOURCE_NAME_LENGTH_MAX = 255
