/**
 * The language in which every API operation is described, once, as data. The command line's options, skeletons and help, the
 * validation on both sides, the client and the server's codecs all read these descriptions; none repeats them.
 */

interface ShapeCommon {
  /** The shape's own name in the API, where it has one. */
  readonly name?: string
  /** What a value means, in plain sentences. */
  readonly doc?: string
  /** Never to be logged or echoed. */
  readonly isSensitive?: boolean
}

export interface StringShape<V extends string = string> extends ShapeCommon {
  readonly type: 'string'
  /** In characters (code points). */
  readonly lengthMin?: number
  readonly lengthMax?: number
  /** Checked by the server; searched, so anchored where it must cover the whole value. */
  readonly pattern?: RegExp
  /** The only values allowed, in the API's order. */
  readonly values?: readonly V[]
  /** Further values that the API knows and nothing here offers: refused for that, not as unknown. */
  readonly valuesNotOffered?: readonly string[]
}

export interface NumberShape extends ShapeCommon {
  readonly type: 'integer' | 'long' | 'float' | 'double'
  readonly min?: number
  readonly max?: number
}

export interface BooleanShape extends ShapeCommon {
  readonly type: 'boolean'
}

/** Inside the program always epoch milliseconds; the wire's form is a trait of the member or the protocol's default. */
export interface TimestampShape extends ShapeCommon {
  readonly type: 'timestamp'
  readonly format?: 'epochSeconds' | 'iso8601' | 'httpDate'
}

export interface ListShape<M extends Shape = Shape> extends ShapeCommon {
  readonly type: 'list'
  readonly member: M
  readonly lengthMax?: number
  /** XML: repeated elements without a wrapper. */
  readonly isFlattened?: boolean
  /** XML: the name of each element; `member` when absent. */
  readonly memberName?: string
}

/** Text to text, as user metadata is. */
export interface MapShape extends ShapeCommon {
  readonly type: 'map'
}

export interface StructureShape<M extends Members = Members> extends ShapeCommon {
  readonly type: 'structure'
  /** In the API's order, which skeletons and output keep. */
  readonly members: M
}

/** A body: an operation's bytes, streamed, or there already when they are few. */
export interface StreamShape extends ShapeCommon {
  readonly type: 'stream'
}

export type Shape =
  | StringShape
  | NumberShape
  | BooleanShape
  | TimestampShape
  | ListShape
  | MapShape
  | StructureShape
  | StreamShape

/** Where a member travels in a REST request or response; JSON protocols ignore it. */
export type Location =
  | { readonly in: 'uri' }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'header'; readonly name: string }
  /** A map: one header per entry, each named with this prefix. */
  | { readonly in: 'headers'; readonly prefix: string }
  | { readonly in: 'status' }
  /** The member alone is the body. */
  | { readonly in: 'payload' }

export interface Member<S extends Shape = Shape, R extends boolean = boolean> {
  readonly shape: S
  readonly isRequired: R
  readonly doc?: string
  readonly isDeprecated?: boolean
  readonly location?: Location
  /** XML: the element's (or attribute's) name where it differs from the member's. */
  readonly xmlName?: string
  readonly isXmlAttribute?: boolean
}

export type Members = Readonly<Record<string, Member>>

type RequiredNames<M extends Members> = {
  [K in keyof M]: M[K] extends Member<Shape, true> ? K : never
}[keyof M]

/** The TypeScript value that a shape describes. */
export type ValueOf<S extends Shape> =
  S extends StringShape<infer V>
    ? V
    : S extends NumberShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends TimestampShape
          ? number
          : S extends ListShape<infer M>
            ? readonly ValueOf<M>[]
            : S extends MapShape
              ? Readonly<Record<string, string>>
              : S extends StructureShape<infer M>
                ? StructureValue<M>
                : S extends StreamShape
                  ? AsyncIterable<Uint8Array> | Uint8Array
                  : never

type StructureValue<M extends Members> = { readonly [K in RequiredNames<M>]: ValueOf<M[K]['shape']> } & {
  readonly [K in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[K]['shape']> | undefined
}

export const string = (options: Omit<StringShape, 'type' | 'values'> = {}): StringShape => ({
  type: 'string',
  ...options,
})

/** A string that takes only the given values. */
export const enumeration = <const V extends string>(
  values: readonly V[],
  options: Omit<StringShape, 'type' | 'values'> = {},
): StringShape<V> => ({ type: 'string', values, ...options })

type NumberOptions = Omit<NumberShape, 'type'>
export const integer = (options: NumberOptions = {}): NumberShape => ({ type: 'integer', ...options })
export const long = (options: NumberOptions = {}): NumberShape => ({ type: 'long', ...options })
export const float = (options: NumberOptions = {}): NumberShape => ({ type: 'float', ...options })
export const double = (options: NumberOptions = {}): NumberShape => ({ type: 'double', ...options })
export const boolean = (options: Omit<BooleanShape, 'type'> = {}): BooleanShape => ({
  type: 'boolean',
  ...options,
})
export const timestamp = (options: Omit<TimestampShape, 'type'> = {}): TimestampShape => ({
  type: 'timestamp',
  ...options,
})
export const map = (options: Omit<MapShape, 'type'> = {}): MapShape => ({ type: 'map', ...options })
export const stream = (options: Omit<StreamShape, 'type'> = {}): StreamShape => ({
  type: 'stream',
  ...options,
})

export const list = <M extends Shape>(
  member: M,
  options: Omit<ListShape, 'type' | 'member'> = {},
): ListShape<M> => ({
  type: 'list',
  member,
  ...options,
})

type MemberOptions = Omit<Member, 'shape' | 'isRequired'>
type ToMember<F> = F extends Member ? F : F extends Shape ? Member<F, false> : never
type Fields = Readonly<Record<string, Shape | Member>>

export const required = <S extends Shape>(shape: S, options: MemberOptions = {}): Member<S, true> => ({
  shape,
  isRequired: true,
  ...options,
})

export const optional = <S extends Shape>(shape: S, options: MemberOptions = {}): Member<S, false> => ({
  shape,
  isRequired: false,
  ...options,
})

/** A bare shape is an optional member. */
export const structure = <const F extends Fields>(
  fields: F,
  options: Omit<StructureShape, 'type' | 'members'> = {},
): StructureShape<{ readonly [K in keyof F]: ToMember<F[K]> }> => {
  // A plain loop: a command line that starts builds every shape, and pays for each object made on the way.
  const members: Record<string, Member> = {}
  for (const [name, field] of Object.entries(fields))
    members[name] = 'shape' in field ? field : { shape: field, isRequired: false }
  return { type: 'structure', members: members as { readonly [K in keyof F]: ToMember<F[K]> }, ...options }
}
