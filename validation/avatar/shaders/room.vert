#version 430
in vec2 q; out vec2 uv; void main(){ uv=q*.5+.5; gl_Position=vec4(q,0.,1.); }
