"""What compiled Java asks of an Android that does not have it: python3 api_level.py ANDROID BESIDE[:BESIDE…] CODE…

ANDROID is a jar with Android's own classes of one API level, BESIDE are jars of libraries that are there as well, CODE
are jars or folders of classes. Prints a line for each class, method or field that none of them has; the exit code is 1
if there is one. java.lang is taken for granted: such jars do not have it.
"""
import struct
import sys
import zipfile
from pathlib import Path

GRANTED = ('java/lang/', '[')
OBJECT = 'java/lang/Object'
OF_OBJECT = {'<init>', 'clone', 'equals', 'finalize', 'getClass', 'hashCode', 'notify', 'notifyAll', 'toString', 'wait'}


class Class:
    """A class file: what it has, and what it refers to."""

    def __init__(self, data):
        self.data, self.at = data, 8
        self.pool = self.read_pool()
        self.at += 2
        self.name, parent = (self.class_name(self.u2()) for _ in range(2))
        self.parents = [name for name in [parent, *(self.class_name(self.u2()) for _ in range(self.u2()))] if name]
        self.members = {self.member() for _ in range(2) for _ in range(self.u2())}

    def u2(self):
        self.at += 2
        return struct.unpack_from('>H', self.data, self.at - 2)[0]

    def u4(self):
        return self.u2() << 16 | self.u2()

    def read_pool(self):
        pool, count = {}, self.u2()
        index = 1
        while index < count:
            tag = self.data[self.at]
            self.at += 1
            if tag == 1:
                length = self.u2()
                pool[index] = (tag, self.data[self.at : self.at + length].decode('utf-8', 'replace'))
                self.at += length
            else:
                size = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4}[tag]
                pool[index] = (tag, self.data[self.at : self.at + size])
                self.at += size
            index += 2 if tag in (5, 6) else 1
        return pool

    def text(self, index):
        return self.pool[index][1]

    def class_name(self, index):
        return self.text(struct.unpack('>H', self.pool[index][1])[0]) if index else None

    def member(self):
        self.at += 2
        key = (self.text(self.u2()), self.text(self.u2()))
        for _ in range(self.u2()):
            self.at += 2
            length = self.u4()
            self.at += length
        return key

    def references(self):
        """Pairs of a class and one of its members, or None for the class itself."""
        for index, (tag, value) in self.pool.items():
            if tag == 7:
                yield self.class_name(index), None
            elif tag in (9, 10, 11):
                of, pair = struct.unpack('>HH', value)
                name, kind = struct.unpack('>HH', self.pool[pair][1])
                yield self.class_name(of), (self.text(name), self.text(kind))


class Classes:
    """The classes of jars and folders, read when they are asked for."""

    def __init__(self, places):
        self.files, self.known = {}, {}
        for place in map(Path, places):
            if place.is_dir():
                for file in place.rglob('*.class'):
                    self.files[str(file.relative_to(place))] = file.read_bytes
            else:
                jar = zipfile.ZipFile(place)
                for name in jar.namelist():
                    if name.endswith('.class'):
                        self.files.setdefault(name, lambda jar=jar, name=name: jar.read(name))

    def find(self, name):
        if name not in self.known:
            read = self.files.get(f'{name}.class')
            self.known[name] = read and Class(read())
        return self.known[name]

    def has(self, name, member):
        if name == OBJECT and member:
            return member[0] in OF_OBJECT
        if name.startswith(GRANTED):
            return True
        found = self.find(name)
        if not found or member is None or member in found.members:
            return bool(found)
        return any(self.has(parent, member) for parent in found.parents)


def main():
    android, beside, *code = sys.argv[1:]
    ours = Classes(code)
    there = Classes([*code, android, *filter(None, beside.split(':'))])
    missing = set()
    for file in ours.files:
        for name, member in ours.find(file.removesuffix('.class')).references():
            if not there.has(name, member):
                what = name.replace('/', '.') + (f'.{member[0]}{member[1]}' if member else '')
                missing.add(f'{file.removesuffix(".class")} asks for {what}')
    print(*sorted(missing), sep='\n', end='\n' if missing else '')
    sys.exit(bool(missing))


main()
