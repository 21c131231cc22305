import { optional, required, type MapShape, type Member, type Shape } from '../shape.ts'

/** A member that travels in the query argument `name`. */
export const inQuery = <S extends Shape>(name: string, shape: S): Member<S, false> =>
  optional(shape, { location: { in: 'query', name } })

/** A member without which the operation cannot be asked for, in the query argument `name`. */
export const requiredInQuery = <S extends Shape>(name: string, shape: S): Member<S, true> =>
  required(shape, { location: { in: 'query', name } })

/** A member that travels in the header `name`. */
export const inHeader = <S extends Shape>(name: string, shape: S): Member<S, false> =>
  optional(shape, { location: { in: 'header', name } })

/** A member without which the request is refused, in the header `name`. */
export const requiredInHeader = <S extends Shape>(name: string, shape: S): Member<S, true> =>
  required(shape, { location: { in: 'header', name } })

/** A map of which each entry is a header of its own, named with `prefix`. */
export const inHeaders = (prefix: string, shape: MapShape): Member<MapShape, false> =>
  optional(shape, { location: { in: 'headers', prefix } })

/** The member that is the body; a structure becomes a document whose root element is `rootName`. */
export const payload = <S extends Shape>(shape: S, rootName?: string): Member<S, false> =>
  optional(shape, { location: { in: 'payload' }, ...(rootName === undefined ? {} : { xmlName: rootName }) })

/** As {@link payload}; a request without it is refused. */
export const requiredPayload = <S extends Shape>(shape: S, rootName?: string): Member<S, true> =>
  required(shape, { location: { in: 'payload' }, ...(rootName === undefined ? {} : { xmlName: rootName }) })

/** A list of elements without a wrapper, each named `name`. */
export const repeated = <S extends Shape>(name: string, shape: S): Member<S, false> =>
  optional(shape, { xmlName: name })

/** As {@link repeated}; at least one element must be there. */
export const requiredRepeated = <S extends Shape>(name: string, shape: S): Member<S, true> =>
  required(shape, { xmlName: name })
