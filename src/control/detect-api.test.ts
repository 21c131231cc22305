import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { it } from 'node:test'
import { detectApi } from './detect-api.ts'

it('tells Lightsail by the target, STS by an action or a form at the root, and leaves all else to S3', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const target = { 'x-amz-target': 'Lightsail_20161128.GetBuckets' }
  for (const [method, url, headers, expected] of [
    ['POST', '/', target, 'lightsail'],
    ['POST', '/', { ...target, ...form }, 'lightsail'],
    ['POST', '/', form, 'sts'],
    ['POST', '/', { 'content-type': 'Application/X-WWW-Form-Urlencoded' }, 'sts'],
    ['POST', '/?Action=GetCallerIdentity', {}, 'sts'],
    ['GET', '/?Action=GetCallerIdentity&Version=2011-06-15', {}, 'sts'],
    ['GET', '/?Version=2011-06-15&Action=GetCallerIdentity', {}, 'sts'],
    ['GET', '/', {}, null],
    ['GET', '/?x-id=ListBuckets', {}, null],
    ['GET', '/?prefix=Action=', {}, null],
    ['PUT', '/?Action=GetCallerIdentity', {}, null],
    ['POST', '/', { 'content-type': 'multipart/form-data; boundary=x' }, null],
    ['POST', '/photos', form, null],
    ['GET', '/photos?Action=GetCallerIdentity', {}, null],
    ['POST', '/photos', target, null],
  ] as const) {
    const request = Object.assign(new IncomingMessage(new Socket()), { method, url, headers })
    assert.equal(detectApi(request), expected, `${method} ${url} ${JSON.stringify(headers)}`)
  }
})
