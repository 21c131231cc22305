/**
 * The language in which the messages of gRPC services are described, as data: fields with their numbers, which alone travel. What is read and what is
 * answered is typed by the same data.
 */

/** Names with their numbers; one is 0, which is read where nothing was sent. */
export interface Enumeration<N extends string = string> {
  readonly type: 'enumeration'
  readonly name: string
  readonly values: Readonly<Record<N, number>>
}

/** Fields by name. */
export interface Message<F extends Fields = Fields> {
  readonly type: 'message'
  readonly name: string
  readonly fields: F
}

type Kind = 'string' | 'map' | Enumeration | Message
type Fields = Readonly<Record<string, Field>>

/** A field under its number. A `map` is of texts by texts. */
export interface Field<K extends Kind = Kind, L extends boolean = boolean> {
  readonly id: number
  readonly kind: K
  readonly isList: L
}

/** A method of a service. */
interface Method {
  readonly request: Message
  readonly response: Message
}

/** The services of one version of a protocol. */
export interface Protocol {
  /** `cosi.v1alpha1`. */
  readonly packageName: string
  readonly services: Readonly<Record<string, Readonly<Record<string, Method>>>>
}

/** Describes a field of one value. */
export const field = <const K extends Kind>(id: number, kind: K): Field<K, false> => ({
  id,
  kind,
  isList: false,
})

/** Describes a field of any number of values. */
export const listField = <const K extends Kind>(id: number, kind: K): Field<K, true> => ({
  id,
  kind,
  isList: true,
})

/** Describes a message. */
export const message = <const F extends Fields>(name: string, fields: F): Message<F> => ({
  type: 'message',
  name,
  fields,
})

/** Describes an enumeration, whose numbers follow from the order of its names: 0, 1, 2. */
export const enumeration = <const N extends string>(name: string, names: readonly N[]): Enumeration<N> => ({
  type: 'enumeration',
  name,
  values: Object.fromEntries(names.map((each, at) => [each, at])) as Record<N, number>,
})

type Texts = Readonly<Record<string, string>>

type SingleRead<K> = K extends 'string'
  ? string
  : K extends 'map'
    ? Texts
    : K extends Enumeration<infer N>
      ? N | number
      : K extends Message
        ? Read<K> | null
        : never

type Element<K> = Exclude<SingleRead<K>, null>

/** A message as it is read: nothing is absent but messages, which are null; a number of an enumeration that it does not know stays one. */
export type Read<M extends Message> = {
  readonly [K in keyof M['fields']]: M['fields'][K] extends Field<infer T, infer L>
    ? L extends true
      ? readonly Element<T>[]
      : SingleRead<T>
    : never
}

type SingleWritten<K> = K extends 'string'
  ? string
  : K extends 'map'
    ? Texts
    : K extends Enumeration<infer N>
      ? N
      : K extends Message
        ? Written<K>
        : never

/** A message as it is answered: what is absent is not sent. */
export type Written<M extends Message> = {
  readonly [K in keyof M['fields']]?: M['fields'][K] extends Field<infer T, infer L>
    ? L extends true
      ? readonly SingleWritten<T>[]
      : SingleWritten<T>
    : never
}

/** What answers the methods of a service. */
export type Handlers<S extends Readonly<Record<string, Method>>> = {
  readonly [K in keyof S]: (request: Read<S[K]['request']>) => Promise<Written<S[K]['response']>>
}
