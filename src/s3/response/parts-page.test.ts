import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PAGE_MAX } from '../../model/s3/shapes/listing.ts'
import { partsPage } from './parts-page.ts'

const PARTS = [1, 3, 4].map((partNumber) => ({ partNumber, sizeBytes: partNumber * 10 }))
const MANY = Array.from({ length: PAGE_MAX + 1 }, (_, index) => ({ partNumber: index + 1, sizeBytes: 1 }))

const numbersOf = ({ Parts }: ReturnType<typeof partsPage>) => Parts.map(({ PartNumber }) => PartNumber)

describe('a page of the parts of an object', () => {
  const PAGES = [
    { asked: {}, numbers: [1, 3, 4], max: PAGE_MAX, next: 4, isTruncated: false },
    { asked: { MaxParts: 3 }, numbers: [1, 3, 4], max: 3, next: 4, isTruncated: false },
    { asked: { MaxParts: 2 }, numbers: [1, 3], max: 2, next: 3, isTruncated: true },
    { asked: { MaxParts: 2, PartNumberMarker: 3 }, numbers: [4], max: 2, next: 4, isTruncated: false },
    { asked: { MaxParts: 1, PartNumberMarker: 1 }, numbers: [3], max: 1, next: 3, isTruncated: true },
    { asked: { MaxParts: 1, PartNumberMarker: 2 }, numbers: [3], max: 1, next: 3, isTruncated: true },
    { asked: { PartNumberMarker: 4 }, numbers: [], max: PAGE_MAX, next: 0, isTruncated: false },
    { asked: { MaxParts: 0 }, numbers: [], max: 0, next: 0, isTruncated: true },
    { asked: { MaxParts: 2_000 }, numbers: [1, 3, 4], max: PAGE_MAX, next: 4, isTruncated: false },
  ]
  for (const { asked, numbers, max, next, isTruncated } of PAGES)
    it(`has the parts ${numbers.join(', ') || '(none)'} of 1, 3, 4 for ${JSON.stringify(asked)}`, () => {
      const page = partsPage(asked, PARTS, {})
      assert.deepEqual(
        { numbers: numbersOf(page), max: page.MaxParts, next: page.NextPartNumberMarker },
        { numbers, max, next },
      )
      assert.deepEqual(
        [page.IsTruncated, page.TotalPartsCount, page.PartNumberMarker],
        [isTruncated, 3, asked.PartNumberMarker ?? 0],
      )
    })

  it('is cut at the most that a page has', () => {
    const page = partsPage({}, MANY, {})
    assert.deepEqual(
      [page.Parts.length, page.IsTruncated, page.TotalPartsCount],
      [PAGE_MAX, true, MANY.length],
    )
    const rest = partsPage({ PartNumberMarker: page.NextPartNumberMarker }, MANY, {})
    assert.deepEqual([numbersOf(rest), rest.IsTruncated], [[PAGE_MAX + 1], false])
  })

  it('has of an object without parts none', () => {
    const { Parts, TotalPartsCount, IsTruncated, NextPartNumberMarker } = partsPage({}, [], {})
    assert.deepEqual([Parts, TotalPartsCount, IsTruncated, NextPartNumberMarker], [[], 0, false, 0])
  })

  it('has the size of each part, and its checksum where there is one', () => {
    const checksum = { algorithm: 'SHA256', type: 'COMPOSITE', value: 'all-2' } as const
    const parts = [
      { partNumber: 1, sizeBytes: 10, checksum: 'one' },
      { partNumber: 2, sizeBytes: 5 },
    ]
    assert.deepEqual(partsPage({}, parts, { checksum }).Parts, [
      { PartNumber: 1, Size: 10, ChecksumSHA256: 'one' },
      { PartNumber: 2, Size: 5 },
    ])
    assert.deepEqual(partsPage({ MaxParts: 1 }, parts, {}).Parts, [{ PartNumber: 1, Size: 10 }])
  })
})
