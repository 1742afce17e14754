module pqrtc

go 1.24
