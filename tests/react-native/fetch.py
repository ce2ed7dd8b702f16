"""Downloads React Native's Android libraries for x86-64, and unpacks them with their headers: fetch.py VERSION FOLDER

FOLDER gets lib/ and include/NAME/, NAME being a word of the table. Needs Maven's client, which keeps what it downloads in
a folder of its own. The exit code is 3 when something cannot be downloaded.
"""
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

# For each version of React Native: the artifacts, and the SHA-256 of each. The first that has a library gives it.
VERSIONS = {
    '0.87.1': {
        'react': (
            'com.facebook.react:react-android:0.87.1:aar:release',
            '741849961df078890946c28aaeec6519a11e440940572d85126e6ea1539613a4',
        ),
        'hermes': (
            'com.facebook.hermes:hermes-android:250829098.0.14:aar:release',
            '11dd4434b71a8434bd4f6873ce7c5ccc72929643e89b6e258fcdc101789df19d',
        ),
    },
}
UNAVAILABLE = 3
COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy'


def fetch(artifact, digest, folder):
    """The artifact's file: group:name:version:type:classifier."""
    _, name, version, kind, classifier = artifact.split(':')
    command = ['mvn', '--batch-mode', '--no-transfer-progress', '--quiet', '-Dstyle.color=never', COPY]
    command += [f'-Dartifact={artifact}', f'-DoutputDirectory={folder}']
    maven = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
    if maven.returncode != 0:
        print(maven.stdout[-2000:])
        sys.exit(UNAVAILABLE)
    file = folder / f'{name}-{version}-{classifier}.{kind}'
    with file.open('rb') as data:
        found = hashlib.file_digest(data, 'sha256').hexdigest()
    if found != digest:
        sys.exit(f'{artifact} has the digest {found}, which is not the one known')
    return file


def unpack(file, name, folder):
    """Android's libraries for x86-64, and the headers that an app gets by prefab."""
    with zipfile.ZipFile(file) as aar:
        for entry in aar.namelist():
            if entry.startswith('jni/x86_64/') and entry.endswith('.so'):
                place = folder / 'lib' / Path(entry).name
            elif entry.startswith('prefab/') and '/include/' in entry and not entry.endswith('/'):
                place = folder / 'include' / name / entry.split('/include/', 1)[1]
            else:
                continue
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(aar.read(entry))


def main():
    version, folder = sys.argv[1], Path(sys.argv[2])
    digests = '\n'.join(digest for _, digest in VERSIONS[version].values())
    done = folder / 'digests'
    if done.exists() and done.read_text() == digests:
        return
    print(f'fetching React Native {version}', flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    downloads = folder / 'downloads'
    downloads.mkdir(parents=True)
    for name, (artifact, digest) in VERSIONS[version].items():
        unpack(fetch(artifact, digest, downloads.resolve()), name, folder)
    shutil.rmtree(downloads)
    done.write_text(digests)


main()
