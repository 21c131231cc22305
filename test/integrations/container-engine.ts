/** The image of deploy/Dockerfile, and the engine that has it: where they are is told, since not each machine may have them. */
export const IMAGE = process.env['LUGSAIL_TEST_IMAGE']

/** `docker`, or with its options what stands for it. */
export const ENGINE = (process.env['LUGSAIL_TEST_ENGINE'] ?? 'docker').split(' ')

export const WITHOUT = 'no image here: build one and name it with LUGSAIL_TEST_IMAGE (docs/testing.md)'
