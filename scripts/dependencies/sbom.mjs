// A software bill of materials, as CycloneDX 1.5 has it: https://cyclonedx.org/docs/1.5/json/

/** `version`: of the package that the crates are in. */
export function sbom(crates, { name, version, license }) {
  const own = {
    type: 'library',
    'bom-ref': `pkg:npm/${name}@${version}`,
    name,
    version,
    purl: `pkg:npm/${name}@${version}`,
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { ...own, licenses: [{ license: { id: license } }] } },
    components: crates.map(({ name, version, description, repository, checksum, expression }) => ({
      type: 'library',
      'bom-ref': `pkg:cargo/${name}@${version}`,
      name,
      version,
      description,
      hashes: checksum && [{ alg: 'SHA-256', content: checksum }],
      licenses: [{ expression: expression.replaceAll('/', ' OR ') }],
      purl: `pkg:cargo/${name}@${version}`,
      externalReferences: repository && [{ type: 'vcs', url: repository }],
    })),
  };
}
