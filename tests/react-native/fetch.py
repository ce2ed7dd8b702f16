"""Downloads what a run needs of one version of React Native, and unpacks it: fetch.py RUN VERSION FOLDER

FOLDER gets lib/ with Android's libraries for x86-64, include/NAME/ with their headers, jars/ with Java's classes, and
package/ with the npm package's own. NAME is a word of the table. Needs Maven's client and npm, which keep what they download
in folders of their own. The exit code is 3 when something cannot be downloaded.
"""
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

# For each version of React Native: the artifacts of Maven and of npm, and the SHA-256 of each. The first that has a library
# gives it.
VERSIONS = {
    '0.73.8': {
        'react': (
            'com.facebook.react:react-android:0.73.8:aar:release',
            '94101780f65fbefaeda560cdd6533779e8b1cde71594e7acdb8e83ed10389483',
        ),
        # Maven Central has no newer one of 0.73.
        'hermes': (
            'com.facebook.react:hermes-android:0.73.3:aar:release',
            'da1bc137fcbf34086991bd1a35945ed953a36f16b6950f4c806e209900d5f30a',
        ),
        'fbjni': (
            'com.facebook.fbjni:fbjni:0.5.1:aar',
            'e10fe7fc9ced989c41b05ce0468a4ebbc5d1d38616edfe8a016aa07fb8ba4ede',
        ),
        'package': ('react-native@0.73.8', 'ff611cd6ea79bc961df597dce1e7e922a12b801f3b38490365e2d958b5af88f6'),
        'fbcore': (
            'com.facebook.fresco:fbcore:3.1.3:aar',
            '34630db19166d32d4f6f148a67d299ffafcae02faa12012383b49f4dbaa481ee',
        ),
        # What React Native's own WebSocket stands on.
        'okhttp': (
            'com.squareup.okhttp3:okhttp:4.9.2:jar',
            '3b2ee1b768c1df28c30d2fe6b38dda4d2c519210e30ca3d27950618c563c92de',
        ),
        'okio': (
            'com.squareup.okio:okio:2.9.0:jar',
            'b9255c163b7edc0b8406559d66579c6c32dea01f691943bac5d3fdbd10f69b44',
        ),
        'infer': (
            'com.facebook.infer.annotation:infer-annotation:0.18.0:jar',
            'caefba935643dc962758a760f1627a402215af034d96c0f484d63b7fddca992f',
        ),
    },
    '0.76.5': {
        'react': (
            'com.facebook.react:react-android:0.76.5:aar:release',
            '8df87dd6181c10d89366de17e948bcc0e0619fc6cf234cd3634ff3a5d39521f5',
        ),
        'hermes': (
            'com.facebook.react:hermes-android:0.76.5:aar:release',
            '90832465498ed0992f985ee9b40a3873ca05a15a7ccfab5c2e5ca366457457c5',
        ),
    },
    '0.87.1': {
        'react': (
            'com.facebook.react:react-android:0.87.1:aar:release',
            '741849961df078890946c28aaeec6519a11e440940572d85126e6ea1539613a4',
        ),
        'hermes': (
            'com.facebook.hermes:hermes-android:250829098.0.14:aar:release',
            '11dd4434b71a8434bd4f6873ce7c5ccc72929643e89b6e258fcdc101789df19d',
        ),
        'fbjni': (
            'com.facebook.fbjni:fbjni:0.7.0:aar',
            '7e319ae110ac5e5ef18904170aea5c3e753e915d196699d7fd39d36c8e1dfe36',
        ),
        'package': ('react-native@0.87.1', 'f686b91e4c59ba8010be1b4abfde0adc24f7f5aea95a6a28cf4d4ad2cc494bd8'),
    },
}
# What Android itself has, and Kotlin: for every version.
ANDROID = {
    'kotlin': (
        'org.jetbrains.kotlin:kotlin-stdlib:2.2.10:jar',
        '9c67cc79efd6b9215b49d2a4308f5f3433537376c7c88e89bdd6729bd096e61a',
    ),
    'android': (
        'org.robolectric:android-all:15-robolectric-13954326:jar',
        'e17105f6c432357e6bb278a527f8e848d01fc56ccee01be77725bea23d871990',
    ),
}
# What a run needs; the others need all.
WANTED = {'module': ('react', 'hermes'), 'instance': ('react', 'hermes', 'fbjni', 'package')}
UNAVAILABLE = 3
COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy'


def fetch(artifact, digest, folder):
    """The artifact's file: Maven's group:name:version:type:classifier, or npm's name@version."""
    if '@' in artifact:
        file = folder / f'{artifact.replace("@", "-")}.tgz'
        command = ['npm', 'pack', '--silent', '--pack-destination', folder, artifact]
    else:
        _, name, version, kind, *classifier = artifact.split(':')
        file = folder / f'{"-".join([name, version, *classifier])}.{kind}'
        command = ['mvn', '--batch-mode', '--no-transfer-progress', '--quiet', '-Dstyle.color=never', COPY]
        command += [f'-Dartifact={artifact}', f'-DoutputDirectory={folder}']
    client = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
    if client.returncode != 0:
        print(client.stdout[-2000:])
        sys.exit(UNAVAILABLE)
    with file.open('rb') as data:
        found = hashlib.file_digest(data, 'sha256').hexdigest()
    if found != digest:
        sys.exit(f'{artifact} has the digest {found}, which is not the one known')
    return file


def write(place, data):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def unpack_aar(file, name, folder):
    """Android's libraries for x86-64, the headers that an app gets by prefab, and the classes."""
    with zipfile.ZipFile(file) as aar:
        for entry in aar.namelist():
            if entry.startswith('jni/x86_64/') and entry.endswith('.so'):
                if not (place := folder / 'lib' / Path(entry).name).exists():
                    write(place, aar.read(entry))
            elif entry.startswith('prefab/') and '/include/' in entry and not entry.endswith('/'):
                write(folder / 'include' / name / entry.split('/include/', 1)[1], aar.read(entry))
            elif entry == 'classes.jar':
                write(folder / 'jars' / f'{name}.jar', aar.read(entry))


def unpack_npm(file, folder):
    """The JavaScript, the headers, which Maven's package has some of, and the compiler of Hermes."""
    with tarfile.open(file) as package:
        for member in package:
            name = Path(*Path(member.name).parts[1:])
            top, end = name.parts[0], name.suffix
            if (top, end) in (('Libraries', '.js'), ('src', '.js'), ('ReactCommon', '.h')) or 'linux64-bin' in name.parts:
                write(folder / 'package' / name, package.extractfile(member).read())
                (folder / 'package' / name).chmod(member.mode)


def main():
    run, version, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    known = VERSIONS[version] | ANDROID
    artifacts = {name: known[name] for name in WANTED.get(run, known)}
    done = folder / f'fetched-{run}'
    digests = '\n'.join(digest for _, digest in artifacts.values())
    if done.exists() and done.read_text() == digests:
        return
    if done.exists():
        shutil.rmtree(folder)
    print(f'fetching React Native {version} for {run}', flush=True)
    downloads = folder / 'downloads'
    downloads.mkdir(parents=True, exist_ok=True)
    for name, (artifact, digest) in artifacts.items():
        file = fetch(artifact, digest, downloads.resolve())
        if file.suffix == '.aar':
            unpack_aar(file, name, folder)
        elif file.suffix == '.jar':
            write(folder / 'jars' / f'{name}.jar', file.read_bytes())
        else:
            unpack_npm(file, folder)
    shutil.rmtree(downloads)
    done.write_text(digests)


main()
