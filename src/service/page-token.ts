import { keyAfter } from '../base/key.ts'
import type { ServiceContext } from './context.ts'
import { DomainError } from './errors/domain-error.ts'

/**
 * Makes a page token that nobody but this server can read or make: the place to go on from, sealed for one list (`list` names it, with
 * account and region). It survives restarts and works on every server with the same master keys.
 */
export function makePageToken(context: ServiceContext, list: string, place: Uint8Array): string {
  return context.vault.seal(Buffer.from(place).toString('base64'), purposeOf(list))
}

/**
 * Where a page begins, among the keys that begin with `prefix`: behind the place that its token names, or with the first of all where there
 * is no token. An empty one asks for the first page as well. Throws `InvalidPageToken` when the token was not made by
 * {@link makePageToken} for this list.
 */
export function pageStart(
  context: ServiceContext,
  list: string,
  prefix: Buffer,
  token: string | undefined,
): Buffer {
  if (token === undefined || token === '') return prefix
  return keyAfter(Buffer.concat([prefix, readPageToken(context, list, token)]))
}

/** The place that a token names. Throws `InvalidPageToken` when it was not made by {@link makePageToken} for this list. */
export function readPageToken(context: ServiceContext, list: string, token: string): Buffer {
  try {
    return Buffer.from(context.vault.open(token, purposeOf(list)), 'base64')
  } catch (cause) {
    throw new DomainError('InvalidPageToken', {}, { cause })
  }
}

const purposeOf = (list: string) => `page token\0${list}`
