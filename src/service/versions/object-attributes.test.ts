import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkAttributes, type ObjectAttributes } from './object-attributes.ts'

const PLAIN: ObjectAttributes = { headers: {}, userMetadata: {} }
/** Metadata of so many bytes: a name of one, and a value. */
const metadataOf = (sizeBytes: number) => ({ userMetadata: { a: 'x'.repeat(sizeBytes - 1) } })
const redirectTo = (websiteRedirectLocation: string) => ({ websiteRedirectLocation })

describe('what an object may have besides its bytes', () => {
  const allowed: readonly (readonly [what: string, attributes: Partial<ObjectAttributes>])[] = [
    ['nothing', {}],
    ['2,048 bytes of metadata', metadataOf(2048)],
    ['a redirect to a path', redirectTo('/')],
    ['a redirect over HTTP', redirectTo('http://a')],
    ['a redirect over HTTPS', redirectTo('https://a')],
    ['a redirect of 2,048 characters', redirectTo(`/${'a'.repeat(2047)}`)],
  ]
  for (const [what, given] of allowed)
    it(`is ${what}`, () => {
      const attributes = { ...PLAIN, ...given }
      assert.equal(checkAttributes(attributes), attributes)
    })

  const tooLarge = (sizeBytes: number) => ({
    kind: 'MetadataTooLarge',
    fields: { sizeBytes, sizeBytesMax: 2048 },
  })
  const noRedirect = (problem: 'form' | 'length') => ({
    kind: 'InvalidRedirectLocation',
    fields: { problem, lengthMax: 2048 },
  })
  const refused: readonly (readonly [
    what: string,
    attributes: Partial<ObjectAttributes>,
    refusal: { readonly kind: string; readonly fields: object },
  ])[] = [
    ['2,049 bytes of metadata', metadataOf(2049), tooLarge(2049)],
    ['names that are too long', { userMetadata: { ['n'.repeat(2049)]: '' } }, tooLarge(2049)],
    [
      'several that are too much together',
      { userMetadata: { a: 'x'.repeat(1024), b: 'x'.repeat(1023) } },
      tooLarge(2049),
    ],
    ['values of too many bytes, not characters', { userMetadata: { a: 'ä'.repeat(1024) } }, tooLarge(2049)],
    ['a redirect to a name', redirectTo('a'), noRedirect('form')],
    ['a redirect to nowhere', redirectTo(''), noRedirect('form')],
    ['a redirect over FTP', redirectTo('ftp://a'), noRedirect('form')],
    ['a redirect to half an address', redirectTo('http:a'), noRedirect('form')],
    ['a redirect that has one in it', redirectTo('a/https://a'), noRedirect('form')],
    ['a redirect of 2,049 characters', redirectTo(`/${'a'.repeat(2048)}`), noRedirect('length')],
    ['a long redirect of no form', redirectTo('a'.repeat(2049)), noRedirect('form')],
    ['both', { ...metadataOf(2049), ...redirectTo('a') }, tooLarge(2049)],
  ]
  for (const [what, given, refusal] of refused)
    it(`is not ${what}`, () => assert.throws(() => checkAttributes({ ...PLAIN, ...given }), refusal))
})
