import { noteBucket } from '../access-log/note-bucket.ts'
import { noteVersion } from '../access-log/note-version.ts'
import type { SigningKeyCache } from '../../auth/signing-key-cache.ts'
import type { RequestHead } from '../../auth/request-head.ts'
import type { Exchange } from '../../api/exchange.ts'
import { putObject as model } from '../../model/s3/object/put-object.ts'
import { rightsOf } from '../../model/s3/right.ts'
import { parseFormBoundary, readUploadForm } from '../../protocol/multipart-form/read-form.ts'
import type { ServiceContext } from '../../service/context.ts'
import { S3Error } from '../s3-error.ts'
import { putObject } from '../../service/objects/put-object.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'
import { objectLocation } from '../response/object-location.ts'
import { ResponseWriter, type S3Response } from '../response/response-writer.ts'
import { writtenObjectOutput } from '../response/written-object-output.ts'
import { parseBodyPromises } from '../body/body-promises.ts'
import { parseFraming } from '../body/framing.ts'
import { requestBytes } from '../body/request-bytes.ts'
import { S3Call } from '../call.ts'
import { actualCorsHeaders } from '../cors/cors-response.ts'
import { checkExpectedOwner } from '../../service/buckets/expected-owner.ts'
import { newObjectAcl } from '../request/acl-headers.ts'
import type { Address } from '../request/address.ts'
import { objectAttributes } from '../request/object-attributes.ts'
import { createsObject, requestFacts } from '../request/request-facts.ts'
import { quoteEtag } from '../request/etags.ts'
import { writeConditions } from '../request/write-conditions.ts'
import { requireBasics, requireFurther } from '../require-rights.ts'
import { authenticateForm } from './authenticate-form.ts'
import { formResponse } from './form-response.ts'
import { formBody } from './form-body.ts'
import {
  headersOfForm,
  inputOfForm,
  keyOfForm,
  refuseHeadersOfForm,
  tagsOfForm,
  withFilename,
} from './form-input.ts'

interface PostObjectOptions {
  readonly context: ServiceContext
  readonly keys: SigningKeyCache
  readonly exchange: Exchange
  readonly head: RequestHead
  readonly address: Address
  readonly bucketName: string
  readonly extraHeaders: string[]
}

const rights = rightsOf(model)
const outputWriter = new ResponseWriter(model)

/**
 * Answers PostObject: a browser's form with a policy, a signature over it, and a file. The fields come first and are read, within their
 * bound, before anybody is authenticated; the file streams only after that. Throws `PreconditionFailed` for what is no such form.
 */
export async function postObject(options: PostObjectOptions): Promise<S3Response> {
  const { context, keys, exchange, head, bucketName, extraHeaders } = options
  const { request } = exchange
  const boundary = parseFormBoundary(head.headers['content-type'])
  if (boundary === null)
    throw new S3Error('PreconditionFailed', undefined, {
      details: { condition: 'Bucket POST must be of the enclosure-type multipart/form-data' },
    })
  const { sizeBytes } = parseFraming(head.headers, null)
  const form = await readUploadForm(requestBytes(request, sizeBytes), boundary)
  const fields = withFilename(form.fields, form.file.filename)
  const objectKey = keyOfForm(fields)
  exchange.facts.objectKey = objectKey

  const now = exchange.receivedAt
  const onBucket = (bucket: BucketRecord): void => {
    noteBucket(exchange.facts, bucket)
    extraHeaders.push(...actualCorsHeaders(bucket, 'POST', head.headers))
  }
  const who = await authenticateForm({
    context,
    keys,
    bucketName,
    fields,
    now,
    exchange,
    onBucket,
  })
  const bucket = who.bucket.record
  if (who.credential) {
    exchange.facts.accessKeyId = who.credential.accessKeyId
    exchange.facts.accountId = who.credential.principal.accountId
    context.accessKeyUses.recordUseOf(who.credential, now, {
      region: bucket.region,
      serviceName: 's3',
      operation: model.name,
      address: exchange.client.address,
      agent: head.headers['user-agent'],
    })
  }
  const address: Address = { ...options.address, target: 'object', objectKey }
  const headers = headersOfForm(fields)
  for (const { 'x-amz-expected-bucket-owner': owner } of [head.headers, headers])
    await checkExpectedOwner(context, bucket, owner)
  const call = new S3Call({
    context,
    exchange,
    head,
    address,
    credential: who.credential,
    bucket: who.bucket,
    facts: {
      ...requestFacts({
        exchange,
        address,
        sent: head.headers,
        headers,
        signature: { ...who.facts, authenticationType: 'POST' },
      }),
      ...createsObject(model),
      ...(fields.has('tagging') && { awaitsDocument: true }),
    },
    body: null,
    signedRegion: null,
    extraHeaders,
  })
  const { access } = call
  requireBasics(access, rights, address)
  refuseHeadersOfForm(head.headers)

  const input = inputOfForm(address, headers)
  const tags = tagsOfForm(fields)
  if (tags) access.completeRequest({ requestTags: tags })
  requireFurther(access, rights, { address, input: { ...input, ...(tags && { Tagging: tags }) } })
  await access.decide()
  const attributes = objectAttributes(context.settings, input, await newObjectAcl(call, input))
  const written = await putObject(context, call.admission, {
    objectKey,
    body: formBody(form.file.body, parseBodyPromises(headers, null), who.sizeBytes),
    attributes: { ...attributes, ...(tags && tags.length > 0 && { tags }) },
    ...writeConditions(input),
  })
  noteVersion(exchange.facts, written)
  return formResponse({
    fields,
    bucketName,
    objectKey,
    location: `${objectLocation(call).replace(/\/$/, '')}/${encodeURI(objectKey)}`,
    etag: quoteEtag(written.record.etag),
    headers: outputWriter.writeHeaders(writtenObjectOutput(call, written)),
  })
}
