import { getCallerIdentity } from './get-caller-identity.ts'

/** The version of the API, which every request names. */
export const STS_VERSION = '2011-06-15'

/** The namespace of the API's documents. */
export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** What of STS is offered, by the API's names: nobody gets temporary credentials here, so it is the one question without them. */
export const stsOperations = { GetCallerIdentity: getCallerIdentity } as const
