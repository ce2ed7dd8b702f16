"""Makes stand-ins for Android's system libraries, with which glibc's loader takes Android's x86-64 libraries as they are:

    python3 make_shims.py FOLDER LIBRARY...

FOLDER gets a libc.so with every function that a LIBRARY needs in some version, whether it wants it of libc.so, libm.so or
libdl.so; a libm.so and a libdl.so that only have the versions; liblog.so and libandroid.so. A function jumps to its
adapter in libc.c, or to glibc's if it is in unchanged.txt. One that is in neither is an error: somebody has to compare
what Android's manual and glibc's say of it. Needs gcc and nm.
"""
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

DATA = {'__sF', '_ctype_', 'stderr'}  # libc.c itself gives these their names and versions
PREFIX = 'android_'
here = Path(__file__).parent


def nm(*arguments):
    lines = subprocess.check_output(['nm', *arguments], text=True).splitlines()
    return [line.split()[-2:] for line in lines]


def needs(library):
    """What a library needs of those with versions: (symbol, version)."""
    names = [name.partition('@')[::2] for kind, name in nm('-D', '--undefined-only', library) if kind == 'U']
    return [(name, version) for name, version in names if version]


def compile_c(source, target):
    warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Werror']
    subprocess.check_call(['gcc', '-std=gnu17', '-O2', '-fPIC', *warnings, '-c', source, '-o', target])


def link(folder, library, *inputs):
    options = [f'-Wl,-soname,{library}', '-Wl,-z,now', '-Wl,-z,defs', '-Wl,--no-as-needed']
    subprocess.check_call(['gcc', '-shared', '-o', folder / library, *options, *inputs, '-lm'])


def unchanged():
    lines = (here / 'unchanged.txt').read_text().splitlines()
    return {name for line in lines if not line.startswith('#') for name in line.split()}


def jumps(wanted, adapted):
    """Each gets its version in the hidden kind (one @), so that the stand-ins' own calls of that name mean glibc's."""
    lines = ['.text']
    for version, symbols in sorted(wanted.items()):
        for name in sorted(symbols - DATA):
            target = f'{PREFIX}{name}@PLT' if name in adapted else f'*{name}@GOTPCREL(%rip)'
            lines += [f'.globl to_{name}', f'.type to_{name}, @function', f'to_{name}: jmp {target}']
            lines += [f'.symver to_{name}, {name}@{version}']
    return '\n'.join([*lines, '.section .note.GNU-stack,"",@progbits', ''])


def version_script(wanted):
    """A node for each version; LIBC, the first, takes all other names out of sight."""
    nodes = []
    for version, symbols in sorted(wanted.items()):
        listed = f'global: {" ".join(f"{name};" for name in sorted(symbols))}' if symbols else ''
        nodes.append(f'{version} {{ {listed} {"local: *;" if version == "LIBC" else ""} }};')
    return '\n'.join(nodes)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = defaultdict(set, {'LIBC': set(DATA)})
    for library in sys.argv[2:]:
        for name, version in needs(library):
            wanted[version].add(name)
    compile_c(here / 'libc.c', folder / 'libc.o')
    defined = [name for _, name in nm('--defined-only', '-g', folder / 'libc.o')]
    adapted = {name.removeprefix(PREFIX) for name in defined if name.startswith(PREFIX)}
    if unknown := set().union(*wanted.values()) - adapted - unchanged() - DATA:
        sys.exit(f'neither in libc.c nor in unchanged.txt: {" ".join(sorted(unknown))}')
    (folder / 'libc.S').write_text(jumps(wanted, adapted))
    (folder / 'libc.map').write_text(version_script(wanted))
    (folder / 'empty.map').write_text(version_script({version: set() for version in wanted}))
    (folder / 'empty.S').write_text('.section .note.GNU-stack,"",@progbits\n')
    link(folder, 'libc.so', folder / 'libc.S', folder / 'libc.o', f'-Wl,--version-script={folder / "libc.map"}')
    for library in ('libm', 'libdl'):
        link(folder, f'{library}.so', folder / 'empty.S', f'-Wl,--version-script={folder / "empty.map"}')
    for library in ('liblog', 'libandroid'):
        compile_c(here / f'{library}.c', folder / f'{library}.o')
        link(folder, f'{library}.so', folder / f'{library}.o')


main()
