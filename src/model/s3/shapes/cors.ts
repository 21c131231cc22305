import { list, required, structure } from '../../shape.ts'
import { repeated, requiredRepeated } from '../bindings.ts'
import { IntegerValue, StringValue } from './primitives.ts'

const Texts = list(StringValue, { isFlattened: true })

/** What pages of some origins may do with a bucket. */
export const CorsRule = structure({
  ID: StringValue,
  AllowedHeaders: repeated('AllowedHeader', Texts),
  AllowedMethods: requiredRepeated('AllowedMethod', Texts),
  AllowedOrigins: requiredRepeated('AllowedOrigin', Texts),
  ExposeHeaders: repeated('ExposeHeader', Texts),
  MaxAgeSeconds: IntegerValue,
})

/** The CORS rules of a bucket, of which the first that fits counts. */
export const CorsConfiguration = structure(
  { CORSRules: required(list(CorsRule, { isFlattened: true, lengthMax: 100 }), { xmlName: 'CORSRule' }) },
  { name: 'CORSConfiguration' },
)
