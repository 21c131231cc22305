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
  /** Never typed: a command line takes it from a file or from standard input. */
  readonly isNeverTyped?: boolean
}

/** Text, with the bounds of its length in characters; `values` lists all there are. */
export interface StringShape<V extends string = string> extends ShapeCommon {
  readonly type: 'string'
  /** In characters (code points). */
  readonly lengthMin?: number
  readonly lengthMax?: number
  /** Checked by the server; searched, so anchored where it must cover the whole value. */
  readonly pattern?: RegExp
  /** The only values allowed, in the API's order. */
  readonly values?: readonly V[]
  /** Upper and lower case are the same; read, it is as `values` spells it. */
  readonly ignoresCase?: boolean
  /** Text of the `InvalidRequest` that another value gets, where S3 does not answer `InvalidArgument`. */
  readonly otherValueMessage?: string
  /** Text of the `InvalidArgument` that another value gets, where S3 has one of its own. */
  readonly wrongValueMessage?: string
  /** Further values that the API knows and nothing here offers: refused for that, not as unknown. */
  readonly valuesNotOffered?: readonly string[]
}

/** A number with its bounds, both inclusive. */
export interface NumberShape extends ShapeCommon {
  readonly type: 'integer' | 'long' | 'float' | 'double'
  readonly min?: number
  readonly max?: number
}

/** A yes or no. */
export interface BooleanShape extends ShapeCommon {
  readonly type: 'boolean'
}

/** Inside the program always epoch milliseconds; the wire's form is a trait of the member or the protocol's default. */
export interface TimestampShape extends ShapeCommon {
  readonly type: 'timestamp'
  readonly format?: 'epochSeconds' | 'iso8601' | 'httpDate'
  /** Written without a fraction of a second, rounded down. */
  readonly isWholeSeconds?: boolean
}

/** A list of one kind of element, with the bounds of its length. */
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

/** Named members, each with a shape of its own. */
export interface StructureShape<M extends Members = Members> extends ShapeCommon {
  readonly type: 'structure'
  /** In the API's order, which skeletons and output keep. */
  readonly members: M
  /** XML: the members stand where the structure does, without an element around them, as the alternatives of a mixed list do. */
  readonly isBare?: boolean
}

/** A body: an operation's bytes, streamed, or there already when they are few. */
export interface StreamShape extends ShapeCommon {
  readonly type: 'stream'
}

/** What a value of an API looks like. */
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
type Location =
  | { readonly in: 'uri' }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'header'; readonly name: string }
  /** A map: one header per entry, each named with this prefix. */
  | { readonly in: 'headers'; readonly prefix: string }
  | { readonly in: 'status' }
  /** The member alone is the body. */
  | { readonly in: 'payload' }

/** A member of a structure. */
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

/** The members of a structure by name, in the order of the API. */
type Members = Readonly<Record<string, Member>>

type RequiredNames<M extends Members> = {
  [K in keyof M]: M[K] extends Member<Shape, true> ? K : never
}[keyof M]

/** The TypeScript value that a shape describes; `Instant`: what stands for a time in it, epoch milliseconds unless said otherwise. */
export type ValueOf<S extends Shape, Instant = number> =
  S extends StringShape<infer V>
    ? V
    : S extends NumberShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends TimestampShape
          ? Instant
          : S extends ListShape<infer M>
            ? readonly ValueOf<M, Instant>[]
            : S extends MapShape
              ? Readonly<Record<string, string>>
              : S extends StructureShape<infer M>
                ? StructureValue<M, Instant>
                : S extends StreamShape
                  ? AsyncIterable<Uint8Array> | Uint8Array
                  : never

type StructureValue<M extends Members, Instant> = {
  readonly [K in RequiredNames<M>]: ValueOf<M[K]['shape'], Instant>
} & {
  readonly [K in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[K]['shape'], Instant> | undefined
}

/** Describes text. */
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

/** Describes a whole number of 32 bits. */
export const integer = (options: NumberOptions = {}): NumberShape => ({ type: 'integer', ...options })

/** Describes a whole number up to 2^53 − 1. */
export const long = (options: NumberOptions = {}): NumberShape => ({ type: 'long', ...options })

/** Describes a number of single precision. */
export const float = (options: NumberOptions = {}): NumberShape => ({ type: 'float', ...options })

/** Describes a number of double precision. */
export const double = (options: NumberOptions = {}): NumberShape => ({ type: 'double', ...options })

/** Describes a yes or no. */
export const boolean = (options: Omit<BooleanShape, 'type'> = {}): BooleanShape => ({
  type: 'boolean',
  ...options,
})

/** Describes an instant; `format` says how it is written. */
export const timestamp = (options: Omit<TimestampShape, 'type'> = {}): TimestampShape => ({
  type: 'timestamp',
  ...options,
})

/** Describes texts by name. */
export const map = (options: Omit<MapShape, 'type'> = {}): MapShape => ({ type: 'map', ...options })

/** Describes a body that is never held whole. */
export const stream = (options: Omit<StreamShape, 'type'> = {}): StreamShape => ({
  type: 'stream',
  ...options,
})

/** Describes a list of elements of one shape. */
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

/** A member that a request must have. */
export const required = <S extends Shape>(shape: S, options: MemberOptions = {}): Member<S, true> => ({
  shape,
  isRequired: true,
  ...options,
})

/** A member that may be absent. */
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
