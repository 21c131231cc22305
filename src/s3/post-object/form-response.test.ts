import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formResponse } from './form-response.ts'

const LOCATION = 'http://photos.example/a%20%3C&.jpg'
const ETAG = '"0123"'

/** What a form with these fields is answered; its body as text. */
function answer(fields: Readonly<Record<string, string>>) {
  const { status, headers, body } = formResponse({
    fields: new Map(Object.entries(fields)),
    bucketName: 'photos',
    objectKey: 'a <&é.jpg',
    location: LOCATION,
    etag: ETAG,
    headers: ['ETag', ETAG],
  })
  const named = new Map<string, string>()
  for (let at = 0; at < headers.length; at += 2) named.set(headers[at] ?? '', headers[at + 1] ?? '')
  assert.equal(named.get('ETag'), ETAG)
  return { status, named, body: body && Buffer.from(body as Uint8Array).toString() }
}

describe('the response to a form', () => {
  it('is 204 with the object’s place, unless the form asks for another status', () => {
    for (const fields of [
      {},
      { success_action_status: '204' },
      { success_action_status: '418' },
      { success_action_status: '' },
    ]) {
      const { status, named, body } = answer(fields)
      assert.deepEqual([status, named.get('Location'), body], [204, LOCATION, null])
      assert.equal(named.has('Content-Length'), false)
    }
    const { status, named, body } = answer({ success_action_status: '200' })
    assert.deepEqual(
      [status, named.get('Location'), named.get('Content-Length'), body],
      [200, LOCATION, '0', null],
    )
  })

  it('is a document with 201', () => {
    const { status, named, body } = answer({ success_action_status: '201' })
    assert.deepEqual([status, named.get('Location')], [201, LOCATION])
    assert.equal(
      body,
      '<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>http://photos.example/a%20%3C&amp;.jpg</Location><Bucket>photos</Bucket><Key>a &lt;&amp;é.jpg</Key><ETag>&quot;0123&quot;</ETag></PostResponse>',
    )
  })

  it('is a redirection that says what was stored, which counts before a status', () => {
    const told = 'bucket=photos&key=a%20%3C%26%C3%A9.jpg&etag=%220123%22'
    for (const [fields, place] of [
      [{ success_action_redirect: 'https://a.example/done' }, `https://a.example/done?${told}`],
      [{ redirect: 'http://a.example/' }, `http://a.example/?${told}`],
      [{ success_action_redirect: 'http://a.example/?x=1#end' }, `http://a.example/?x=1&${told}#end`],
      [{ success_action_redirect: 'http://a.example/?' }, `http://a.example/?${told}`],
      [
        {
          success_action_redirect: 'http://a.example/',
          redirect: 'http://b.example/',
          success_action_status: '201',
        },
        `http://a.example/?${told}`,
      ],
    ] as const) {
      const { status, named, body } = answer(fields)
      assert.deepEqual(
        [status, named.get('Location'), named.get('Content-Length'), body],
        [303, place, '0', null],
      )
    }
  })

  it('leads to the web alone', () => {
    for (const success_action_redirect of [
      'javascript:alert(1)',
      'data:text/html,x',
      'done.html',
      '//a.example/',
      '',
    ])
      assert.equal(answer({ success_action_redirect }).status, 204, success_action_redirect)
  })
})
