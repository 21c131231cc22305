import { basicActions, furtherActions, type Right, type RightTarget } from '../model/s3/right.ts'
import type { Access } from './access.ts'
import type { Address } from './request/address.ts'

/** What is needed whatever the input says, on what the request addresses. Throws `AccessDenied`. */
export function requireBasics(access: Access, rights: readonly Right[], { query }: Address): void {
  const namesVersion = query.has('versionId')
  for (const target of ADDRESSED) access.require(basicActions(rights, target, namesVersion))
}

/** What this input needs besides, on what the request addresses and on the object that it makes. Throws `AccessDenied`. */
export function requireFurther(
  access: Access,
  rights: readonly Right[],
  { address, input }: { readonly address: Address; readonly input: object },
): void {
  const asked = { input, namesVersion: address.query.has('versionId') }
  for (const target of ADDRESSED) access.require(furtherActions(rights, target, asked))
  access.require(furtherActions(rights, 'new-object', asked), 'new-object')
}

const ADDRESSED: readonly RightTarget[] = ['service', 'bucket', 'object']
