import type { Key, KeyRef } from '../../data/keys.ts'

/** Addresses around a key. */
export interface KeyPlaces {
  /** The list that it is in. */
  readonly list: string
  readonly key: string
}

/** The address of a key's rotation. */
export const rotationPlace = ({ key }: Pick<KeyPlaces, 'key'>): string => `${key}/rotate`

/** What a key is called before people. */
export const nameOf = (ref: KeyRef): string => (ref.kind === 'application' ? ref.name : ref.accessKeyId)

/** The ids that a key has, the one before its rotation among them. */
export const idsOf = ({ accessKeyId, retiringKey }: Key): readonly string[] => [
  ...new Set([accessKeyId, retiringKey?.accessKeyId].filter((id) => id !== undefined)),
]
