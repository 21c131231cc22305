/** Of an error whose kind says all. */
export type NoFields = Readonly<Record<string, never>>
