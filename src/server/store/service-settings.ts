import type { ServiceSettings } from '../../service/context.ts'
import type { SettingValues } from '../configuration/schema.ts'

/** What the rules need of the server's settings. `publicUrl` is asked whenever it is needed, since the port may become known late. */
export function serviceSettings(settings: SettingValues, publicUrl: () => string): ServiceSettings {
  return {
    inlineBodyBytesMax: settings.inlineBytesMax,
    lifecycleDayMs: settings.lifecycleDaySeconds * 1_000,
    bucketsPerAccountMax: settings.bucketsPerAccountMax,
    applicationKeysPerAccountMax: settings.applicationKeysPerAccountMax,
    keyUseDays: settings.keyUseDays,
    keyUseRowsPerAccountMax: settings.keyUseRowsPerAccountMax,
    retiredKeyDays: settings.retiredKeyDays,
    rolesPerAccountMax: settings.rolesPerAccountMax,
    webIdentityIssuers: settings.webIdentityIssuers?.split(/ +/) ?? [],
    webIdentityKeyOrigins: settings.webIdentityKeyOrigins?.split(/ +/) ?? [],
    asksLoopbackIssuersPlainly: settings.webIdentityHttp === 'loopback',
    refusesStorageClasses: settings.storageClasses === 'refuse',
    refusesPresignedVersion2: settings.presignedVersion2 === 'refuse',
    newBucketDefaults: settings.newBucketDefaults,
    domain: settings.domain,
    pathStylePages: settings.pathStylePages,
    get publicUrl() {
      return publicUrl()
    },
  }
}
