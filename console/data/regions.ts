import type { Region } from '../../src/model/region.ts'

/** The regions that there are; a test holds that they are the model's. */
export const REGIONS: readonly Region[] = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-north-1',
  'ca-central-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-3',
  'ap-southeast-5',
]

const NAME = 'lugsail-region'

/** The region that was chosen last in this browser. */
export function lastRegion(): string | null {
  try {
    return localStorage.getItem(NAME)
  } catch {
    return null
  }
}

/** Remembers a region. */
export function rememberRegion(region: string): void {
  try {
    localStorage.setItem(NAME, region)
  } catch {
    // A browser that stores nothing begins with the first.
  }
}
