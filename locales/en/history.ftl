from = From
restore-version = Restore version { $version }
version = Version { $version }
versions-are-the-same = These two versions are the same.
in-the-form = In the form
bring-back = Bring back
nothing = Nothing
to = to
