export { crc32, crc32c } from '@node-rs/crc32'
